/** A table of counts: what each row is of, and of which columns of which view its columns are the sums. */
export interface Counts {
  readonly table: string
  readonly of: readonly string[]
  readonly sums: Readonly<Record<string, string>>
  readonly view: 'enrollment_moves' | 'money_moves' | 'money_moves_by_day' | 'progress_moves' | 'user_moves'
  /** Spread over several rows. */
  readonly sharded: boolean
}

const same = (...columns: string[]) => Object.fromEntries(columns.map((column) => [column, column]))
const money = { sums: same('captured', 'refunded', 'payments'), view: 'money_moves' } as const
const totals = {
  pending: 'to_pending',
  active: 'to_active',
  completed: 'to_completed',
  cancelled: 'to_cancelled',
}

export const countTables: readonly Counts[] = [
  {
    table: 'enrollment_slots',
    of: ['course_id', 'slot'],
    sums: same('begun', 'activated', 'cancelled'),
    view: 'enrollment_moves',
    sharded: false,
  },
  { table: 'enrollment_totals', of: ['course_id'], sums: totals, view: 'enrollment_moves', sharded: false },
  {
    table: 'school_enrollment_slots',
    of: ['slot'],
    sums: same('begun', 'activated', 'completed', 'cancelled'),
    view: 'enrollment_moves',
    sharded: true,
  },
  { table: 'school_enrollment_totals', of: ['type'], sums: totals, view: 'enrollment_moves', sharded: true },
  { table: 'revenue_slots', of: ['course_id', 'currency', 'slot'], ...money, sharded: false },
  { table: 'revenue_totals', of: ['course_id', 'currency'], ...money, sharded: false },
  { table: 'school_revenue_slots', of: ['slot', 'currency'], ...money, sharded: true },
  {
    table: 'school_revenue_days',
    of: ['day', 'currency'],
    ...money,
    view: 'money_moves_by_day',
    sharded: true,
  },
  { table: 'school_revenue_totals', of: ['currency'], ...money, sharded: true },
  {
    table: 'course_progress',
    of: ['course_id'],
    sums: same('lessons'),
    view: 'progress_moves',
    sharded: true,
  },
  { table: 'user_counts', of: ['role', 'status'], sums: same('people'), view: 'user_moves', sharded: true },
]
