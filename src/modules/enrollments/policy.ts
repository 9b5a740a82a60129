import type { Actor } from '../../platform/actor.ts'
import { forbidden, notFound, refuse } from '../../platform/http/refusal.ts'
import { type CourseFacts, isOwner } from '../catalogue/index.ts'

interface EnrollmentFacts {
  readonly user_id: string
}

/** Its student and the owners of the course may read an enrollment; nobody else knows of it. */
export function requireReader(actor: Actor, enrollment: EnrollmentFacts, course: CourseFacts): void {
  if (actor.userId !== enrollment.user_id && !isOwner(actor, course)) throw refuse(notFound)
}

/** Only its student and admins may cancel it. */
export function requireCanceller(actor: Actor, enrollment: EnrollmentFacts, course: CourseFacts): void {
  requireReader(actor, enrollment, course)
  if (actor.userId !== enrollment.user_id && actor.role !== 'admin')
    throw refuse(forbidden, 'Only the student, or an admin, can cancel an enrollment.')
}
