import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { EnrollmentStatus } from '../../platform/database/schema.ts'
import { findFitting, type PersonContact, personContact, personFits } from '../accounts/index.ts'
import { type EnrollmentRow, enrollmentColumns } from './queries.ts'

export interface RosterRow extends EnrollmentRow {
  readonly person: PersonContact
  /** Where the access rests on: the sources of the entitlements that are live. */
  readonly sources: readonly string[]
}

export interface RosterFilter {
  readonly courseId: string
  readonly status?: EnrollmentStatus
  /** The beginning of a word of the name or the e-mail address. */
  readonly q?: string
}

const rare = 1_000

/** Who is, or was, in a course, newest first. */
export async function findRoster(
  db: Db,
  { courseId, status, q }: RosterFilter,
  page: { after: string | null; limit: number },
): Promise<RosterRow[]> {
  const sources = sql<string[]>`array(
    select distinct source::text from enrollment_entitlements
    where enrollment_id = enrollments.id and revoked_at is null order by 1)`
  let query = db
    .selectFrom('enrollments')
    .select([...enrollmentColumns, personContact('enrollments.user_id').as('person'), sources.as('sources')])
    .where('course_id', '=', courseId)
  if (status !== undefined) query = query.where('status', '=', status)
  if (q !== undefined) query = query.where(await searched(db, q))
  if (page.after !== null) query = query.where('id', '<', page.after)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

/**
 * A word that few people in the school have is looked up, and then what they are in, by the index of their enrollments; any other is looked for along the
 * course, where it is found soon, or there are few to look at.
 */
async function searched(db: Db, q: string): Promise<RawBuilder<SqlBool>> {
  const people = await findFitting(db, q, rare)
  if (people === null) return personFits('enrollments.user_id', q)
  return sql<SqlBool>`enrollments.id = any(array(
    select theirs.id from unnest(${people}::uuid[]) as person (id)
    cross join lateral (select id from enrollments where user_id = person.id offset 0) as theirs))`
}
