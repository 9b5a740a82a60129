import { type RawBuilder, sql } from 'kysely'

/** What became of money in one currency, in minor units. */
export interface RevenueRow {
  readonly currency: string
  /** What came and stayed. */
  readonly net: number
  readonly refunded: number
  /** What came this month, less what went back this month: below zero where more went back. */
  readonly this_month: number
}

export interface EnrollmentCounts {
  readonly pending: number
  readonly active: number
  readonly completed: number
  readonly cancelled: number
}

export interface CourseCounts {
  readonly draft: number
  readonly published: number
  readonly archived: number
}

/** How many there are in each state, to select of `courses`. */
export const coursesByStatus = sql`
  count(*) filter (where courses.status = 'draft')::int as draft,
  count(*) filter (where courses.status = 'published')::int as published,
  count(*) filter (where courses.status = 'archived')::int as archived`

/** How many enrollments there are in each state, to select of `enrollment_totals`, or of those of the school. */
export const enrollmentsByStatus = sql`
  coalesce(sum(pending), 0)::int as pending, coalesce(sum(active), 0)::int as active,
  coalesce(sum(completed), 0)::int as completed, coalesce(sum(cancelled), 0)::int as cancelled`

/** The rows of a statement as one value. */
export function listed(rows: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(select coalesce(json_agg(line), '[]') from (${rows}) line)`
}

/** The one row of a statement as one value. */
export function single(row: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(select to_json(line) from (${row}) line)`
}

/** The row of a statement that always has one. */
export function one<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined) throw new Error('a statement that has one row gave none')
  return row
}
