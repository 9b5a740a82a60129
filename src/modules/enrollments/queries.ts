import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { prepare, prepareRead } from '../../platform/database/prepared.ts'
import type { EnrollmentSource, EnrollmentStatus } from '../../platform/database/schema.ts'
import { answerNotRead } from '../../platform/database/statements.ts'
import { undelivered } from '../../platform/events/events.ts'
import { newId } from '../../platform/ids.ts'
import { courseTitles, teachings } from '../catalogue/index.ts'
import { isStanding } from './entitlement-queries.ts'
import { enrollmentActivated } from './events.ts'

export interface EnrollmentRow {
  readonly id: string
  readonly course_id: string
  readonly user_id: string
  readonly status: EnrollmentStatus
  readonly source: EnrollmentSource | null
  readonly created_at: Date
  readonly activated_at: Date | null
  readonly completed_at: Date | null
  readonly cancelled_at: Date | null
}

export const enrollmentColumns = [
  'id',
  'course_id',
  'user_id',
  'status',
  'source',
  'created_at',
  'activated_at',
  'completed_at',
  'cancelled_at',
] as const

export function findEnrollment(db: Db, id: string): Promise<EnrollmentRow | undefined> {
  return db.selectFrom('enrollments').select(enrollmentColumns).where('id', '=', id).executeTakeFirst()
}

export function lockEnrollment(tx: Tx, id: string): Promise<EnrollmentRow | undefined> {
  return tx
    .selectFrom('enrollments')
    .select(enrollmentColumns)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

interface PersonInCourse {
  readonly userId: string
  readonly courseId: string
}

/** The enrollment of a person in a course that is not cancelled: there is at most one. */
export function findLiveEnrollment(db: Db, which: PersonInCourse): Promise<EnrollmentRow | undefined> {
  return selectLive(db, which).executeTakeFirst()
}

/** Those of a person in any of these courses. */
export function findLiveEnrollmentsIn(
  db: Db,
  { userId, courseIds }: { userId: string; courseIds: readonly string[] },
): Promise<EnrollmentRow[]> {
  return db
    .selectFrom('enrollments')
    .select(enrollmentColumns)
    .where('user_id', '=', userId)
    .where(sql<SqlBool>`course_id = any(${courseIds}::uuid[])`)
    .where(sql<SqlBool>`status <> 'cancelled'`)
    .execute()
}

/** The one in a course, held against every other change of it until the transaction ends. */
export function lockLiveEnrollment(tx: Tx, which: PersonInCourse): Promise<EnrollmentRow | undefined> {
  return selectLive(tx, which).forNoKeyUpdate().executeTakeFirst()
}

const holdLive = prepare<{ userIds: readonly string[]; courseIds: readonly string[] }, never>(
  ({ userIds, courseIds }) => sql`
    select from unnest((select ${userIds}::uuid[]), (select ${courseIds}::uuid[])) as asked (user_id, course_id), lateral (
      select from enrollments
      where user_id = asked.user_id and course_id = asked.course_id and status <> 'cancelled'
      limit 1 -- one by one, in the order in which they are asked for
      for no key update
    ) held ${answerNotRead}`,
)

/**
 * Holds the same of several, for one who reads them by the next statement, which then sees what others have made of them. They are taken
 * in an order that everybody keeps to, so that two who hold several do not wait for one another in a circle.
 */
export async function holdLiveEnrollments(tx: Tx, which: readonly PersonInCourse[]): Promise<void> {
  const inOrder = which.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  await holdLive(tx, {
    userIds: inOrder.map(({ userId }) => userId),
    courseIds: inOrder.map(({ courseId }) => courseId),
  })
}

const keyOf = ({ userId, courseId }: PersonInCourse) => `${userId} ${courseId}`

/** Which of these people may use a course. */
export async function findEnrolledOf(
  db: Db,
  { courseId, userIds }: { courseId: string; userIds: readonly string[] },
): Promise<string[]> {
  const rows = await db
    .selectFrom('enrollments')
    .select('user_id')
    .where('course_id', '=', courseId)
    .where(sql<SqlBool>`user_id = any(${userIds}::uuid[])`)
    .where(sql<SqlBool>`status in ('active', 'completed')`)
    .execute()
  return rows.map((row) => row.user_id)
}

/** Who may use a course, and could before a moment: a page, after the enrollment that ends the one before. */
export function findEnrolled(
  db: Db,
  which: { courseId: string; before: Date; after: string | null; limit: number },
): Promise<{ id: string; user_id: string }[]> {
  const { courseId, before, after, limit } = which
  return sql<{ id: string; user_id: string }>`
    select id, user_id from enrollments
    where course_id = ${courseId} and id > coalesce(${after}::uuid, '00000000-0000-0000-0000-000000000000')
      and status in ('active', 'completed') and activated_at < ${before}
    order by id limit ${limit}`
    .execute(db)
    .then(({ rows }) => rows)
}

function selectLive(db: Db, { userId, courseId }: PersonInCourse) {
  return (
    db
      .selectFrom('enrollments')
      .select(enrollmentColumns)
      .where('user_id', '=', userId)
      .where('course_id', '=', courseId)
      // said in the text, so that a plan for any parameters can use the partial index
      .where(sql<SqlBool>`status <> 'cancelled'`)
  )
}

/** The last enrollment of a person in a course, whatever became of it; a live one is always the last. `purchased`: by now. */
export function findLastEnrollment(
  db: Db,
  { userId, courseId }: PersonInCourse,
): Promise<(EnrollmentRow & { purchased: boolean }) | undefined> {
  const purchased = sql<boolean>`exists (
    select from enrollment_entitlements n join enrollments e on e.id = n.enrollment_id
    where e.user_id = enrollments.user_id and e.course_id = enrollments.course_id and ${isStanding('n')})`
  return db
    .selectFrom('enrollments')
    .select([...enrollmentColumns, purchased.as('purchased')])
    .where('user_id', '=', userId)
    .where('course_id', '=', courseId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export interface NamedEnrollmentRow extends EnrollmentRow {
  readonly slug: string
  readonly title: string
}

const afterAll = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const selectEnrollmentsOf = prepareRead<
  { userId: string; status: EnrollmentStatus | null; before: string; limit: number },
  NamedEnrollmentRow
>(
  ({ userId, status, before, limit }) => sql`
    select ${sql.join(enrollmentColumns.map((column) => sql.ref(`enrollments.${column}`)))}, course.slug, course.title
    from enrollments join ${courseTitles} course on course.id = enrollments.course_id
    where enrollments.user_id = ${userId} and enrollments.id < ${before}
      and (${status}::enrollment_status is null or enrollments.status = ${status})
    order by enrollments.id desc limit ${limit}`,
)

/** Those of a person with the names of their courses, newest first. */
export function findEnrollmentsOf(
  db: Db,
  userId: string,
  filter: { status?: EnrollmentStatus },
  page: { after: string | null; limit: number },
): Promise<NamedEnrollmentRow[]> {
  const { status = null } = filter
  return selectEnrollmentsOf(db, { userId, status, before: page.after ?? afterAll, limit: page.limit })
}

/** A person's pending and active ones, held. */
export function lockUnfinishedOf(tx: Tx, userId: string): Promise<EnrollmentRow[]> {
  return tx
    .selectFrom('enrollments')
    .select(enrollmentColumns)
    .where('user_id', '=', userId)
    .where(sql<SqlBool>`status in ('pending', 'active')`)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

/** It waits for a payment from now on. */
export async function updatePendingSince(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.updateTable('enrollments').set({ pending_since: at }).where('id', '=', id).execute()
}

/** Those that have waited for a payment since before a moment, held; those that another transaction holds are passed over. */
export function lockPending(tx: Tx, which: { before: Date; atOnce: number }): Promise<EnrollmentRow[]> {
  return (
    tx
      .selectFrom('enrollments')
      .select(enrollmentColumns)
      // said in the text, for the partial index
      .where(sql<SqlBool>`status = 'pending'`)
      .where(sql<SqlBool>`coalesce(pending_since, created_at) < ${which.before}`)
      .orderBy(sql`coalesce(pending_since, created_at)`)
      .limit(which.atOnce)
      .forUpdate()
      .skipLocked()
      .execute()
  )
}

/**
 * Begins an enrollment with its first line of history, active with its first entitlement if it has a source; undefined where there is
 * a live one.
 */
export async function insertEnrollment(
  tx: Tx,
  enrollment: Pick<EnrollmentRow, 'course_id' | 'user_id' | 'source'>,
  why: { reason: string; cause: Cause },
): Promise<EnrollmentRow | undefined> {
  const { course_id, user_id, source } = enrollment
  const { userId, at } = why.cause
  const { rows } = await sql<EnrollmentRow>`
    with made as (
      insert into enrollments (id, course_id, user_id, status, source, created_at, activated_at)
      values (${newId()}, ${course_id}, ${user_id}, ${source ? 'active' : 'pending'}, ${source}, ${at}, ${source ? at : null})
      on conflict (user_id, course_id) where status <> 'cancelled' do nothing
      returning *
    ), noted as (
      insert into enrollment_history (id, enrollment_id, from_status, to_status, user_id, reason, at)
      select ${newId()}::uuid, made.id, null, made.status, ${userId}::uuid, ${why.reason}, made.created_at from made
    ), entitled as (
      insert into enrollment_entitlements (id, enrollment_id, source, granted_by, granted_at)
      select ${newId()}::uuid, made.id, made.source, ${userId}::uuid, made.activated_at from made where made.source is not null
    )
    select * from made`.execute(tx)
  return rows[0]
}

export interface Move {
  readonly id: string
  readonly from: EnrollmentStatus
  readonly to: EnrollmentStatus
  readonly reason: string
  /** With the move to `active`. */
  readonly source?: EnrollmentSource
}

/**
 * Takes an enrollment from one state to another, with its line of history; undefined where it is not in the first. Cancelled, it has
 * no entitlement left.
 */
export async function moveEnrollment(tx: Tx, move: Move, cause: Cause): Promise<EnrollmentRow | undefined> {
  const { id, from, to, reason, source = null } = move
  const { rows } = await sql<EnrollmentRow>`
    with moved as (
      update enrollments set status = ${to}::enrollment_status, source = coalesce(source, ${source}::enrollment_source),
        activated_at = case ${to} when 'active' then ${cause.at}::timestamptz else activated_at end,
        completed_at = case ${to} when 'completed' then ${cause.at}::timestamptz else completed_at end,
        cancelled_at = case ${to} when 'cancelled' then ${cause.at}::timestamptz else cancelled_at end
      where id = ${id} and status = ${from}
      returning *
    ), noted as (
      insert into enrollment_history (id, enrollment_id, from_status, to_status, user_id, reason, at)
      select ${newId()}::uuid, id, ${from}::enrollment_status, status, ${cause.userId}::uuid, ${reason},
        ${cause.at}::timestamptz from moved
    ), revoked as (
      update enrollment_entitlements
      set revoked_at = greatest(granted_at, ${cause.at}::timestamptz), revoke_reason = ${reason}
      from moved
      where enrollment_id = moved.id and moved.status = 'cancelled' and revoked_at is null
    )
    select * from moved`.execute(tx)
  return rows[0]
}

/** Everything that a person ever enrolled in, for their archive and their erasure. */
export function findEnrollmentsOfUser(db: Db, userId: string): Promise<EnrollmentRow[]> {
  return db
    .selectFrom('enrollments')
    .select(enrollmentColumns)
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute()
}

/** Every completion there was, to select from: `id`, `course_id`, `completed_at`. What was cancelled after it is among them. */
export const completions = sql`(select id, course_id, completed_at from enrollments where completed_at is not null)`

/** The enrollments that are not cancelled, at most one for a person and a course: an expression to select from. */
export const liveEnrollments = sql`(
  select ${sql.join(enrollmentColumns.map((column) => sql.ref(column)))} from enrollments where status <> 'cancelled')`

/** Who is enrolled where: an expression to select from. */
export const placements = sql`(select id as enrollment_id, course_id, user_id from enrollments)`

/**
 * Whether a person teaches a course that the one whose id stands in a column may use, or the other way round, as an expression to
 * select by.
 * @param column such as `asked.id`
 * @param userId or a column too, by `sql.ref`
 */
export function sharesCourse(column: string, userId: string | RawBuilder<unknown>): RawBuilder<SqlBool> {
  const [one, other] = [sql`${userId}::uuid`, sql.ref(column)]
  return sql<SqlBool>`(${teaches(one, other)} or ${teaches(other, one)})`
}

function teaches(teacher: RawBuilder<unknown>, student: RawBuilder<unknown>) {
  return sql`exists (
    select from ${teachings} taught join enrollments taken on taken.course_id = taught.course_id
    where taught.user_id = ${teacher} and taken.user_id = ${student} and taken.status in ('active', 'completed'))`
}

/** The subscriber that counts an activation for its course. */
export const countsActivation = 'enrollments.count-activation'

/** How often each course was activated, counted: to select from. What its subscriber has yet to count is not missing. */
export const activationCounts = sql`
  select course_id, sum(count)::int as count
  from (
    select course_id, count(*) from enrollments where activated_at is not null group by course_id
    union all
    select (payload ->> 'courseId')::uuid, -count(*) from ${undelivered(enrollmentActivated, countsActivation)} coming group by 1
  ) counted
  group by course_id`
