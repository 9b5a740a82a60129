import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'

/** After how many days lessons open, whichever course they are of: each number once. */
export async function findDripDays(db: Db): Promise<number[]> {
  const { rows } = await sql<{ days: number }>`
    with recursive step as (
      (select available_after_days as days from lessons where available_after_days > 0 order by 1 limit 1)
      union all
      select (select available_after_days from lessons where available_after_days > step.days order by 1 limit 1)
      from step where step.days is not null
    )
    select days from step where days is not null`.execute(db)
  return rows.map(({ days }) => days)
}

/** Of these courses and numbers of days, those for which the course has a lesson that opens after them. */
export async function findDrips(
  db: Db,
  asked: readonly { readonly courseId: string; readonly days: number }[],
): Promise<{ courseId: string; days: number }[]> {
  const { rows } = await sql<{ courseId: string; days: number }>`
    select distinct asked.course_id as "courseId", asked.days
    from unnest(${asked.map(({ courseId }) => courseId)}::uuid[], ${asked.map(({ days }) => days)}::int[]) as asked (course_id, days)
    join lessons on lessons.course_id = asked.course_id and lessons.available_after_days = asked.days
      and lessons.available_after_days > 0`.execute(db)
  return rows
}
