import type { Actor } from '../../platform/actor.ts'
import { refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { type CourseFacts, requireVisible } from '../catalogue/index.ts'
import { type EnrollmentRow, isEnrolled } from '../enrollments/index.ts'
import { lessonHidden, notEnrolled } from './errors.ts'
import type { Standing } from './rules.ts'
import type { Study } from './study.ts'

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

/** @param kind how to refuse: one who wants to read it, or to have it completed */
export function requireOpen(study: Study, { state, lockedBy }: Standing, kind = lessonHidden): void {
  if (state !== 'locked') return
  const first = study.lessons.find(({ lesson }) => lesson.id === lockedBy)
  throw refuse(kind, `Complete “${first?.lesson.title ?? ''}” first.`, { members: { lockedBy } })
}
