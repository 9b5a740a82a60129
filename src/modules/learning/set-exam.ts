import type { Tx } from '../../platform/database/database.ts'
import { deleteExam, upsertExam } from './exam-queries.ts'

/** Says which quiz is the exam of a course; null takes it out. Who has completed the course has completed it, either way. */
export async function setExam(tx: Tx, input: { courseId: string; quizId: string | null }): Promise<void> {
  const { courseId, quizId } = input
  if (quizId === null) await deleteExam(tx, courseId)
  else await upsertExam(tx, { courseId, quizId })
}
