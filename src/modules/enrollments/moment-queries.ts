import { type SqlBool, sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { EnrollmentStatus } from '../../platform/database/schema.ts'

/** An enrollment at a moment that matters, such as some days after it became active. */
export interface EnrollmentMoment {
  readonly id: string
  readonly user_id: string
  readonly course_id: string
  readonly at: Date
}

interface Span {
  readonly from: Date
  readonly until: Date
}

/** Those that have waited for a payment since a moment in a span (after `from`, up to `until`), by it: a page. */
export async function findPendingSince(
  db: Db,
  { from, until }: Span,
  page: { after: { at: string; id: string } | null; limit: number },
): Promise<EnrollmentMoment[]> {
  const { after, limit } = page
  const { rows } = await sql<EnrollmentMoment>`
    select id, user_id, course_id, coalesce(pending_since, created_at) as at from enrollments
    where status = 'pending' and coalesce(pending_since, created_at) > ${from}
      and coalesce(pending_since, created_at) <= ${until}
      and (coalesce(pending_since, created_at), id)
        > (${after?.at ?? from}::timestamptz, coalesce(${after?.id ?? null}::uuid, '00000000-0000-0000-0000-000000000000'))
    order by coalesce(pending_since, created_at), id limit ${limit}`.execute(db)
  return rows
}

/**
 * The active ones that, in a span (after `from`, up to `until`), became so many days old as one of `days` says; days of 24 hours. By
 * days and age: a page.
 */
export async function findOfAge(
  db: Db,
  { days, from, until }: Span & { days: readonly number[] },
  page: { after: { days: number; at: string; id: string } | null; limit: number },
): Promise<(EnrollmentMoment & { readonly days: number })[]> {
  const { after, limit } = page
  const { rows } = await sql<EnrollmentMoment & { days: number }>`
    select found.*, age.days from unnest(${days}::int[]) age (days)
    cross join lateral (
      select id, user_id, course_id, activated_at as at from enrollments
      where status = 'active' and activated_at > ${from}::timestamptz - make_interval(hours => 24 * age.days)
        and activated_at <= ${until}::timestamptz - make_interval(hours => 24 * age.days)
        and (age.days > ${after?.days ?? -1}::int or (activated_at, id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
      order by activated_at, id limit ${limit}
    ) found
    where age.days >= ${after?.days ?? -1}::int
    order by age.days, found.at, found.id limit ${limit}`.execute(db)
  return rows
}

/** Where enrollments stand; `since`: since when they wait for a payment, where they do. Those that are not there are left out. */
export async function findStates(
  db: Db,
  ids: readonly string[],
): Promise<
  ReadonlyMap<string, { status: EnrollmentStatus; courseId: string; activatedAt: Date | null; since: Date }>
> {
  const rows = await db
    .selectFrom('enrollments')
    .select([
      'id',
      'status',
      'course_id',
      'activated_at',
      sql<Date>`coalesce(pending_since, created_at)`.as('since'),
    ])
    .where(sql<SqlBool>`id = any(${ids}::uuid[])`)
    .execute()
  return new Map(
    rows.map(({ id, status, course_id, activated_at, since }) => [
      id,
      { status, courseId: course_id, activatedAt: activated_at, since },
    ]),
  )
}

/** The active enrollments of people in courses. */
export async function findActiveOf(
  db: Db,
  places: readonly { readonly userId: string; readonly courseId: string }[],
): Promise<Omit<EnrollmentMoment, 'at'>[]> {
  const { rows } = await sql<Omit<EnrollmentMoment, 'at'>>`
    select enrollments.id, enrollments.user_id, enrollments.course_id
    from unnest(${places.map(({ userId }) => userId)}::uuid[], ${places.map(({ courseId }) => courseId)}::uuid[])
      as place (user_id, course_id)
    join enrollments on enrollments.user_id = place.user_id and enrollments.course_id = place.course_id
      and enrollments.status <> 'cancelled'
    where enrollments.status = 'active'`.execute(db)
  return rows
}
