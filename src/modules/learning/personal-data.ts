import type { Db } from '../../platform/database/database.ts'
import { findEnrollmentsOfUser } from '../enrollments/index.ts'
import { type ActiveDay, findActiveDays } from './activity-queries.ts'
import { findPassesOf } from './exam-queries.ts'
import { findProgressOf } from './queries.ts'

const daysAtOnce = 500

/** For the archive of a person: what they did of which lesson, which exams they passed, and when they learned. */
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
    activity: readActivity(db, userId),
  }
}

async function* readActivity(db: Db, userId: string): AsyncGenerator<ActiveDay> {
  for (let after: ActiveDay | null = null; ; ) {
    const days: ActiveDay[] = await findActiveDays(db, userId, { after, limit: daysAtOnce })
    yield* days
    if (days.length < daysAtOnce) return
    after = days.at(-1) ?? null
  }
}
