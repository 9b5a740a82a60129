import { type Selectable, type SqlBool, sql } from 'kysely'
import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Certificates } from '../../platform/database/schema.ts'

const columns = [
  'id',
  'enrollment_id',
  'user_id',
  'course_id',
  'code',
  'school',
  'holder',
  'course_title',
  'completed_at',
  'issued_at',
  'token',
  'revoked_at',
  'revoke_reason',
] as const

export type CertificateRow = Pick<Selectable<Certificates>, (typeof columns)[number]>

/** Undefined where the enrollment has one. */
export function insertCertificate(
  tx: Tx,
  certificate: Omit<CertificateRow, 'revoked_at' | 'revoke_reason'>,
): Promise<CertificateRow | undefined> {
  return tx
    .insertInto('certificates')
    .values(certificate)
    .onConflict((conflict) => conflict.constraint('certificates_enrollment').doNothing())
    .returning(columns)
    .executeTakeFirst()
}

export function findCertificate(db: Db, id: string): Promise<CertificateRow | undefined> {
  return db.selectFrom('certificates').select(columns).where('id', '=', id).executeTakeFirst()
}

export function findCertificateByCode(db: Db, code: string): Promise<CertificateRow | undefined> {
  return db.selectFrom('certificates').select(columns).where('code', '=', code).executeTakeFirst()
}

export function findCertificateOfEnrollment(
  db: Db,
  enrollmentId: string,
): Promise<CertificateRow | undefined> {
  return db
    .selectFrom('certificates')
    .select(columns)
    .where('enrollment_id', '=', enrollmentId)
    .executeTakeFirst()
}

export interface CertificateFilter {
  readonly userId?: string
  readonly courseId?: string
}

/** Newest first. */
export function findCertificates(
  db: Db,
  filter: CertificateFilter,
  page: { after: string | null; limit: number },
): Promise<CertificateRow[]> {
  let query = db.selectFrom('certificates').select(columns)
  if (filter.userId !== undefined) query = query.where('user_id', '=', filter.userId)
  if (filter.courseId !== undefined) query = query.where('course_id', '=', filter.courseId)
  if (page.after !== null) query = query.where('id', '<', page.after)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

/** All of a person, for their archive and their erasure. */
export function findCertificatesOfUser(db: Db, userId: string): Promise<CertificateRow[]> {
  return db.selectFrom('certificates').select(columns).where('user_id', '=', userId).orderBy('id').execute()
}

/** Undefined where it is revoked already. */
export function updateRevoked(
  tx: Tx,
  { id, reason }: { id: string; reason: string },
  cause: Cause,
): Promise<CertificateRow | undefined> {
  return tx
    .updateTable('certificates')
    .set({ revoked_at: cause.at, revoke_reason: reason })
    .where('id', '=', id)
    .where(sql<SqlBool>`revoked_at is null`)
    .returning(columns)
    .executeTakeFirst()
}

export async function updateHolder(
  tx: Tx,
  { id, holder, token }: { id: string; holder: string; token: string },
): Promise<void> {
  await tx.updateTable('certificates').set({ holder, token }).where('id', '=', id).execute()
}
