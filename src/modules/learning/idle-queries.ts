import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import { lessonSteps, sectionSteps } from '../catalogue/index.ts'

interface Place {
  readonly userId: string
  readonly courseId: string
}

/** Who did something in a course on a day (UTC, `2026-11-21`) and nothing in it since, by person and course: a page. */
export async function findLastActive(
  db: Db,
  day: string,
  page: { after: Place | null; limit: number },
): Promise<Place[]> {
  const { after, limit } = page
  const first = '00000000-0000-0000-0000-000000000000'
  const { rows } = await sql<Place>`
    select user_id as "userId", course_id as "courseId" from activity_days
    where day = ${day}::date and (user_id, course_id) > (${after?.userId ?? first}::uuid, ${after?.courseId ?? first}::uuid)
      and not exists (
        select from activity_days later
        where later.user_id = activity_days.user_id and later.course_id = activity_days.course_id and later.day > ${day}::date)
    order by user_id, course_id limit ${limit}`.execute(db)
  return rows
}

/** Which of these people did something in the course on a day (UTC) or after it; by `user/course`. */
export async function findActiveSince(
  db: Db,
  asked: readonly (Place & { readonly day: string })[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<Place>`
    select asked.user_id as "userId", asked.course_id as "courseId"
    from unnest(${asked.map(({ userId }) => userId)}::uuid[], ${asked.map(({ courseId }) => courseId)}::uuid[],
      ${asked.map(({ day }) => day)}::date[]) as asked (user_id, course_id, day)
    where exists (
      select from activity_days
      where activity_days.user_id = asked.user_id and activity_days.course_id = asked.course_id
        and activity_days.day >= asked.day)`.execute(db)
  return new Set(rows.map(({ userId, courseId }) => `${userId}/${courseId}`))
}

export interface AskedStudy {
  readonly enrollmentId: string
  readonly courseId: string
  readonly sequential: boolean
  readonly activatedAt: Date
  /** Only lessons that open after so many days; null: any. */
  readonly days: number | null
}

/**
 * What each of these students could go on with at a moment: lessons that are open and not completed (`standingsOf` in rules.ts says
 * the same of one study), in order, ten at most; `onlyExam`: all are completed. In the order in which it was asked. A limit that varies
 * with the course would crash PostgreSQL 18: an incremental sort that was begun without a bound and is gone over again with one.
 */
export async function findOpenLessons(
  db: Db,
  asked: readonly AskedStudy[],
  at: Date,
): Promise<{ lessonIds: readonly string[]; onlyExam: boolean }[]> {
  const { rows } = await sql<{ lessonIds: string[]; onlyExam: boolean }>`
    select open.lesson_ids as "lessonIds", open.only_exam as "onlyExam"
    from unnest(${asked.map(({ enrollmentId }) => enrollmentId)}::uuid[], ${asked.map(({ courseId }) => courseId)}::uuid[],
      ${asked.map(({ sequential }) => sequential)}::boolean[], ${asked.map(({ activatedAt }) => activatedAt)}::timestamptz[],
      ${asked.map(({ days }) => days)}::int[]) with ordinality as asked (id, course_id, sequential, activated_at, days, place)
    cross join lateral (
      select count(*) = 0 as only_exam, coalesce((array_agg(todo.id order by todo.section, todo.position) filter (
        where (todo.nth = 1 or not asked.sequential) and (asked.days is null or available_after_days = asked.days) and (available_after_days is null
          or asked.activated_at + make_interval(hours => 24 * available_after_days) <= ${at}::timestamptz)))[:10], '{}') as lesson_ids
      from (
        select lesson.id, lesson.available_after_days, section.position as section, lesson.position,
          row_number() over (order by section.position, lesson.position) as nth
        from ${lessonSteps} lesson join ${sectionSteps} section on section.id = lesson.section_id
        where lesson.course_id = asked.course_id and not exists (
          select from lesson_progress done
          where done.enrollment_id = asked.id and done.lesson_id = lesson.id and done.completed_at is not null)
      ) todo
    ) open
    order by asked.place`.execute(db)
  return rows
}
