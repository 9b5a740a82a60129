import type { Actor } from '../../platform/actor.ts'
import type { CourseStatus, InstructorRole } from '../../platform/database/schema.ts'
import { forbidden, notFound, refuse } from '../../platform/http/refusal.ts'
import { courseClosed, courseHidden } from './errors.ts'

export interface CourseFacts {
  readonly status: CourseStatus
  /** What it was before, of one that is archived. */
  readonly archived_from: CourseStatus | null
  readonly hidden_at: Date | null
  readonly instructor_ids: readonly string[]
  readonly lead_ids: readonly string[]
}

/** What the instructors of a course may do to it, by their part in it. Admins may do all of it to every course. */
export const deeds = {
  /** See a draft, who is in the course, how it goes. */
  read: ['lead', 'assistant'],
  /** Change its texts, sections, lessons, quizzes, materials, thumbnail and their order. */
  edit: ['lead', 'assistant'],
  /** Change what it costs. */
  price: ['lead'],
  /** Change its address. */
  rename: ['lead'],
  /** Publish, unpublish, bring back. */
  publish: ['lead'],
  /** Delete or archive. */
  remove: ['lead'],
  duplicate: ['lead'],
  /** Let people in: grants, imports, coupons. */
  admit: ['lead'],
} as const satisfies Readonly<Record<string, readonly InstructorRole[]>>
export type Deed = keyof typeof deeds

/** An instructor has their part in a course for as long as they are an instructor at all. */
export function may(actor: Actor | null, course: CourseFacts, deed: Deed): boolean {
  if (!actor) return false
  if (actor.role === 'admin') return true
  if (actor.role !== 'instructor' || !course.instructor_ids.includes(actor.userId)) return false
  const part: InstructorRole = course.lead_ids.includes(actor.userId) ? 'lead' : 'assistant'
  return (deeds[deed] as readonly InstructorRole[]).includes(part)
}

/** An owner is an instructor of the course, lead or assistant, or an admin. */
export function isOwner(actor: Actor | null, course: CourseFacts): boolean {
  return may(actor, course, 'read')
}

/**
 * Nobody but its owners (and, elsewhere, who is enrolled) knows of a draft, also of one that was archived, or of a course that an admin
 * hid.
 */
export function isVisible(actor: Actor | null, course: CourseFacts): boolean {
  return (isPublic(course) && course.hidden_at === null) || isOwner(actor, course)
}

function isPublic({ status, archived_from }: CourseFacts): boolean {
  return (status === 'archived' ? archived_from : status) === 'published'
}

/** The course, for one who may know of it. */
export function requireVisible<Course extends CourseFacts>(
  actor: Actor | null,
  course: Course | undefined,
): Course {
  if (!course || !isVisible(actor, course)) throw refuse(notFound)
  return course
}

/** The course, for one who may do this to it. */
export function requireMay<Course extends CourseFacts>(
  actor: Actor,
  course: Course | undefined,
  deed: Deed,
): Course {
  const seen = requireVisible(actor, course)
  if (may(actor, seen, deed)) return seen
  throw refuse(
    forbidden,
    isOwner(actor, seen)
      ? 'This is for the lead instructors of the course.'
      : 'This is for the instructors of the course.',
  )
}

/** The course, for one who may change what it holds: the same as `requireMay(actor, course, 'edit')`. */
export function requireOwner<Course extends CourseFacts>(actor: Actor, course: Course | undefined): Course {
  return requireMay(actor, course, 'edit')
}

/** Refuses to let anybody into a course that is archived or hidden, whoever asks. */
export function requireTakingIn(course: CourseFacts): void {
  if (course.status === 'archived') throw refuse(courseClosed)
  if (course.hidden_at !== null) throw refuse(courseHidden)
}
