import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { completeQuizLesson, passExam } from '../learning/index.ts'
import { lockAttemptsInCourse } from './attempt-queries.ts'

/**
 * Who enrolls anew gets no attempts anew, so what was passed before counts: it completes its lesson, or passes the exam, in the new
 * enrollment. Done again, it changes nothing.
 */
export async function carryPasses(
  tx: Tx,
  cause: Cause,
  { enrollmentId, courseId, userId }: { enrollmentId: string; courseId: string; userId: string },
): Promise<void> {
  // Held, so that one which is being graded this moment is not missed.
  const attempts = await lockAttemptsInCourse(tx, { courseId, userId })
  const passed = attempts.filter((attempt) => attempt.passed)
  for (const lessonId of new Set(passed.map((attempt) => attempt.lesson_id))) {
    if (lessonId === null) await passExam(tx, cause, { enrollmentId })
    else await completeQuizLesson(tx, cause, { enrollmentId, lessonId })
  }
}
