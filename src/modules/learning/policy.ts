import type { Actor } from '../../platform/actor.ts'
import { refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { type CourseFacts, requireVisible } from '../catalogue/index.ts'
import { type EnrollmentRow, isEnrolled } from '../enrollments/index.ts'
import { lessonHidden, notEnrolled } from './errors.ts'
import type { Standing } from './rules.ts'

/** The enrollment, of one who may use the course. Who is enrolled may, also while the course is taken back into draft. */
export function requireEnrolled(
  actor: Actor | null,
  course: CourseFacts,
  enrollment: EnrollmentRow | undefined,
): EnrollmentRow {
  if (enrollment && isEnrolled(enrollment.status)) return enrollment
  requireVisible(actor, course)
  throw actor ? refuse(notEnrolled) : refuse(unauthenticated)
}

/** @param titles of the lessons, to name the one that comes first */
export function requireOpen(
  standing: Standing,
  titles: ReadonlyMap<string, string>,
  kind = lessonHidden,
): void {
  const { state, lockedBy } = standing
  if (state !== 'locked') return
  throw refuse(kind, `Complete “${titles.get(lockedBy ?? '') ?? ''}” first.`, { members: { lockedBy } })
}
