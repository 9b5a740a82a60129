import type { Actor } from '../../platform/actor.ts'
import type { CourseStatus } from '../../platform/database/schema.ts'
import { forbidden, notFound, refuse } from '../../platform/http/refusal.ts'

export interface CourseFacts {
  readonly status: CourseStatus
  readonly instructor_ids: readonly string[]
}

/** An owner is an instructor of the course, for as long as they are an instructor at all, or an admin. */
export function isOwner(actor: Actor | null, course: CourseFacts): boolean {
  if (!actor) return false
  return (
    actor.role === 'admin' || (actor.role === 'instructor' && course.instructor_ids.includes(actor.userId))
  )
}

/** Nobody but its owners knows of a draft. */
export function isVisible(actor: Actor | null, course: CourseFacts): boolean {
  return course.status !== 'draft' || isOwner(actor, course)
}

/** The course, for one who may know of it. */
export function requireVisible<Course extends CourseFacts>(
  actor: Actor | null,
  course: Course | undefined,
): Course {
  if (!course || !isVisible(actor, course)) throw refuse(notFound)
  return course
}

/** The course, for one who may change it. */
export function requireOwner<Course extends CourseFacts>(actor: Actor, course: Course | undefined): Course {
  const seen = requireVisible(actor, course)
  if (!isOwner(actor, seen)) throw refuse(forbidden, 'This is for the instructors of the course.')
  return seen
}
