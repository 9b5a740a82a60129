import type { Actor } from '../../platform/actor.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { type CourseFacts, isOwner } from '../catalogue/index.ts'

/** Its student and the owners of the course may have the document; nobody else knows of it by its id. */
export function requireReader(
  actor: Actor,
  certificate: { readonly user_id: string },
  course: CourseFacts | undefined,
): void {
  const isReader = actor.userId === certificate.user_id || (course !== undefined && isOwner(actor, course))
  if (!isReader) throw refuse(notFound)
}
