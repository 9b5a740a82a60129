import type { Db } from '../../platform/database/database.ts'
import { findEnrollmentsOfUser } from '../enrollments/index.ts'
import { findPassesOf } from './exam-queries.ts'
import { findProgressOf } from './queries.ts'

/** For the archive of a person: what they did of which lesson, which exams they passed, and when. */
export async function progressData(db: Db, userId: string): Promise<Record<string, unknown>> {
  const ids = (await findEnrollmentsOfUser(db, userId)).map(({ id }) => id)
  const lessons = await findProgressOf(db, ids)
  const passes = await findPassesOf(db, ids)
  return {
    lessons: lessons.map((row) => ({
      lessonId: row.lesson_id,
      enrollmentId: row.enrollment_id,
      completedAt: row.completed_at,
      quizPassedAt: row.quiz_passed_at,
      positionSeconds: row.position_seconds,
    })),
    exams: passes.map((row) => ({ enrollmentId: row.enrollment_id, passedAt: row.passed_at })),
  }
}
