import type { Actor } from '../../platform/actor.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { type CourseFacts, isOwner, requireVisible } from '../catalogue/index.ts'
import { isEnrolled } from '../enrollments/index.ts'
import { notEnrolled } from '../learning/index.ts'

interface AttemptFacts {
  readonly user_id: string
}

/** Its student and the owners of the course may read an attempt; nobody else knows of it. */
export function requireAttemptReader(
  actor: Actor,
  attempt: AttemptFacts,
  course: CourseFacts | undefined,
): void {
  if (attempt.user_id === actor.userId) return
  if (!course || !isOwner(actor, course)) throw refuse(notFound)
}

/** One who may know what quizzes a course has: its owners and the enrolled. */
export function requireReader<Course extends CourseFacts>(
  actor: Actor,
  course: Course | undefined,
  enrollment: { status: Parameters<typeof isEnrolled>[0] } | undefined,
): Course {
  if (course && (isOwner(actor, course) || isEnrolled(enrollment?.status))) return course
  requireVisible(actor, course)
  throw refuse(notEnrolled)
}
