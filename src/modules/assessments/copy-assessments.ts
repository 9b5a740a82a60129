import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { newId } from '../../platform/ids.ts'
import { findCopiedLessons, holdCourse } from '../catalogue/index.ts'
import { setExam } from '../learning/index.ts'
import { findBankIds, findQuizzesToCopy, insertBankCopies, insertQuizCopies } from './copy-queries.ts'

/** Gives the copy of a course the bank, the quizzes and the exam of the course it was copied from. */
export async function copyAssessments(
  tx: Tx,
  cause: Cause,
  { courseId, copyId }: { courseId: string; copyId: string },
): Promise<void> {
  if (!(await holdCourse(tx, copyId))) return
  const { at } = cause
  const bank = new Map((await findBankIds(tx, courseId)).map((id) => [id, newId()]))
  await insertBankCopies(tx, { courseId: copyId, ids: bank, at })

  const copies = await findCopiedLessons(tx, copyId)
  const lessons = new Map(copies.map(({ from, to }) => [from, to]))
  const quizzes = (await findQuizzesToCopy(tx, courseId)).flatMap((quiz) => {
    const lessonId = quiz.lesson_id && lessons.get(quiz.lesson_id)
    // The copy of the lesson may be gone already.
    if (lessonId === undefined) return []
    const draws = quiz.draws.map(({ questionIds, ...draw }) => ({
      ...draw,
      ...(questionIds ? { questionIds: questionIds.flatMap((id) => bank.get(id) ?? []) } : {}),
    }))
    return [{ from: quiz.id, id: newId(), lessonId, draws }]
  })
  const quizId = await insertQuizCopies(tx, { courseId: copyId, quizzes, at })
  if (quizId !== undefined) await setExam(tx, { courseId: copyId, quizId })
}
