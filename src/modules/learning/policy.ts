import type { Actor } from '../../platform/actor.ts'
import type { Policy } from '../../platform/http/policy.ts'
import { refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { type CourseFacts, requireVisible } from '../catalogue/index.ts'
import { type EnrollmentRow, isEnrolled } from '../enrollments/index.ts'
import { lessonHidden, notEnrolled } from './errors.ts'
import { presentLock } from './present-lock.ts'
import type { Lock } from './rules.ts'
import type { ShownStudy } from './study.ts'

/** Who may read a lesson, its file and its materials; `readLesson` holds it. */
export const lessonReader: Policy = {
  who: 'enrolled, owner; anyone if preview',
  token: 'optional',
  roles: null,
}

/** The enrollment, of one who may use the course. Who is enrolled may, also while the course is taken back into draft. */
export function requireEnrolled<Enrollment extends Pick<EnrollmentRow, 'status'>>(
  actor: Actor | null,
  course: CourseFacts,
  enrollment: Enrollment | undefined,
): Enrollment {
  if (enrollment && isEnrolled(enrollment.status)) return enrollment
  return refuseOthers(actor, course)
}

/** The same, with what was done in it. */
export function requireStudying<Studying extends { enrollment: Pick<EnrollmentRow, 'status'> }>(
  actor: Actor | null,
  course: CourseFacts,
  studying: Studying | undefined,
): Studying {
  if (studying && isEnrolled(studying.enrollment.status)) return studying
  return refuseOthers(actor, course)
}

function refuseOthers(actor: Actor | null, course: CourseFacts): never {
  requireVisible(actor, course)
  throw actor ? refuse(notEnrolled) : refuse(unauthenticated)
}

/** @param kind how to refuse: one who wants to read it, or to do something in it */
export function requireOpen(study: ShownStudy, lock: Lock | null, kind = lessonHidden): void {
  if (lock) throw refuse(kind, adviceOf(study, lock), { members: presentLock(lock) })
}

function adviceOf({ lessons }: ShownStudy, { rule, lessonId, opensAt }: Lock): string {
  if (rule === 'date') return `It opens at ${opensAt?.toISOString() ?? ''}.`
  const title = lessons.find(({ lesson }) => lesson.id === lessonId)?.lesson.title ?? ''
  return rule === 'exam' ? `Pass the quiz of “${title}” first.` : `Complete “${title}” first.`
}
