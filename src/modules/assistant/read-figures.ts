import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findScores } from '../assessments/index.ts'
import { findCourseFacts, requireMay } from '../catalogue/index.ts'
import { findLiveEnrollment, isEnrolled } from '../enrollments/index.ts'
import { findStandings, requireEnrolled } from '../learning/index.ts'
import type { Figures } from './schemas.ts'

/** To whom the assistant speaks of a student's progress. */
export type Audience = 'student' | 'parent' | 'owner'

export interface StudentInCourse {
  readonly courseId: string
  readonly studentId: string
}

const dayMs = 86_400_000
const mostQuizzes = 50

/**
 * How a student stands in a course, in five statements.
 * @param audience a parent, of whom it is known that it is their child
 */
export async function readFigures(
  db: Db,
  actor: Actor,
  { courseId, studentId, audience }: StudentInCourse & { audience: Audience },
): Promise<{ figures: Figures; courseTitle: string }> {
  const course = await findCourseFacts(db, courseId)
  if (!course) throw refuse(notFound)
  if (audience === 'owner') requireMay(actor, course, 'read')
  const live = await findLiveEnrollment(db, { userId: studentId, courseId })
  if (audience === 'student') requireEnrolled(actor, course, live)
  if (!live || !isEnrolled(live.status)) throw refuse(notFound)
  const standing = (await findStandings(db, [live])).get(live.id)
  if (!standing) throw refuse(notFound)
  const scores = await findScores(db, [live.id])
  const { completedLessons, totalLessons, percent } = standing
  const last = [standing.lastActivityAt, ...scores.map((score) => score.last_at)].filter((at) => at !== null)
  const lastAt = last.length > 0 ? new Date(Math.max(...last.map((at) => at.getTime()))) : null
  const figures = {
    completedLessons,
    totalLessons,
    remainingLessons: totalLessons - completedLessons,
    percent,
    enrolledAt: live.activated_at ?? live.created_at,
    ...(live.completed_at ? { completedAt: live.completed_at } : {}),
    ...(lastAt ? { lastActivityAt: lastAt, daysSinceLastActivity: daysBetween(lastAt, actor.at) } : {}),
    quizzes: scores.slice(0, mostQuizzes).map((score) => ({
      title: score.title,
      exam: score.lesson_id === null,
      attempts: score.attempts,
      bestPercent: score.best_percent,
      passed: score.passed_at !== null,
      lastAttemptAt: score.last_at,
    })),
  }
  return { figures, courseTitle: course.title }
}

function daysBetween(from: Date, to: Date): number {
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / dayMs))
}
