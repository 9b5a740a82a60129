import type { Actor } from '../../platform/actor.ts'
import { forbidden, refuse } from '../../platform/http/refusal.ts'
import { isEnrolled } from '../enrollments/index.ts'

/** Students of a course review it; who teaches it does not. */
export function requireReviewer(
  actor: Actor,
  course: { readonly instructor_ids: readonly string[] },
  enrollment: { readonly status: Parameters<typeof isEnrolled>[0] } | undefined,
): void {
  if (course.instructor_ids.includes(actor.userId))
    throw refuse(forbidden, 'Who teaches a course does not review it.')
  if (!isEnrolled(enrollment?.status))
    throw refuse(forbidden, 'This is for those who are enrolled in the course.')
}
