import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/database/database.ts'

/** What the row of a course says, and what is counted. */
interface CountFault {
  readonly courseId: string
  readonly kept: number | readonly number[]
  readonly counted: number | readonly number[]
}

const number = (column: RawBuilder<unknown>) => ({
  column,
  none: sql`0`,
  moved: sql`${column} + wrong.counted - wrong.kept`,
})
const counts = {
  lessons: number(sql.ref('course_stats.lessons')),
  activations: number(sql.ref('course_stats.activations')),
  stars: {
    column: sql.ref('course_stats.stars'),
    none: sql`'{0,0,0,0,0}'::int[]`,
    moved: sql`array(
      select course_stats.stars[place] + wrong.counted[place] - wrong.kept[place] from generate_series(1, 5) place order by place)`,
  },
}

/**
 * Compares a count of all courses with what it is counted from, and adds the difference where there is one, which is right also while
 * others count. There should be none: a difference is a bug, or somebody was at the database. It is one statement, so that what is being
 * written meanwhile is in both or in neither.
 * @param counted selects the `course_id` and the `count` of each course that has any: a number, of stars five of them
 * @returns what differed, `atOnce` at most
 */
export async function repairCount(
  tx: Tx,
  { of, counted, atOnce }: { of: keyof typeof counts; counted: RawBuilder<unknown>; atOnce: number },
): Promise<CountFault[]> {
  const { column, none, moved } = counts[of]
  const { rows } = await sql<CountFault>`
    with counted as (${counted}), wrong as (
      select course_id, ${column} as kept, coalesce(counted.count, ${none}) as counted
      from course_stats left join counted using (course_id)
      where ${column} <> coalesce(counted.count, ${none}) limit ${atOnce}
    )
    update course_stats set ${sql.ref(of)} = ${moved}
    from wrong where wrong.course_id = course_stats.course_id
    returning wrong.course_id as "courseId", wrong.kept, wrong.counted`.execute(tx)
  return rows
}
