import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'

export async function upsertExam(tx: Tx, exam: { courseId: string; quizId: string }): Promise<void> {
  await tx
    .insertInto('course_exams')
    .values({ course_id: exam.courseId, quiz_id: exam.quizId })
    .onConflict((conflict) => conflict.column('course_id').doUpdateSet({ quiz_id: exam.quizId }))
    .execute()
}

export async function deleteExam(tx: Tx, courseId: string): Promise<void> {
  await tx.deleteFrom('course_exams').where('course_id', '=', courseId).execute()
}

/** The quiz that is the exam of a course; null where it has none. */
export async function findExam(db: Db, courseId: string): Promise<string | null> {
  const row = await db
    .selectFrom('course_exams')
    .select('quiz_id')
    .where('course_id', '=', courseId)
    .executeTakeFirst()
  return row?.quiz_id ?? null
}

/** The first pass stands. */
export async function insertPass(tx: Tx, pass: { enrollmentId: string; at: Date }): Promise<void> {
  await tx
    .insertInto('exam_passes')
    .values({ enrollment_id: pass.enrollmentId, passed_at: pass.at })
    .onConflict((conflict) => conflict.column('enrollment_id').doNothing())
    .execute()
}

export function findPassesOf(db: Db, enrollmentIds: readonly string[]) {
  return db
    .selectFrom('exam_passes')
    .select(['enrollment_id', 'passed_at'])
    .where(sql<SqlBool>`enrollment_id = any(${enrollmentIds}::uuid[])`)
    .execute()
}

export async function deletePassesOf(tx: Tx, enrollmentIds: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('exam_passes')
    .where(sql<SqlBool>`enrollment_id = any(${enrollmentIds}::uuid[])`)
    .execute()
}
