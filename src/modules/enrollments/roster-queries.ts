import { sql } from 'kysely'
import type { Db } from '../../platform/database/database.ts'
import type { EnrollmentStatus } from '../../platform/database/schema.ts'
import { plannedEachTime } from '../../platform/database/statements.ts'
import { type PersonContact, personContact, personFits } from '../accounts/index.ts'
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
  if (q !== undefined) {
    // In a large course a rare word is looked up by the index of names and a common one found along the course; PostgreSQL knows which it is.
    query = (await isLarge(db, courseId))
      ? query.where(personFits('enrollments.user_id', q)).modifyEnd(plannedEachTime)
      : query.where(personFits('enrollments.user_id', q, 'one by one'))
  }
  if (page.after !== null) query = query.where('id', '<', page.after)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

async function isLarge(db: Db, courseId: string): Promise<boolean> {
  const { rows } =
    await sql`select from enrollments where course_id = ${courseId} offset 1000 limit 1`.execute(db)
  return rows.length > 0
}
