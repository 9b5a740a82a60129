import type { Actor } from '../../platform/actor.ts'
import type { Deps } from '../../platform/deps.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { type CoursePageRow, isOwner, recallCoursePage, requireVisible } from '../catalogue/index.ts'
import { type EnrollmentRow, isEnrolled } from '../enrollments/index.ts'
import { findStudying } from './queries.ts'
import { type Study, studyOf, termsOf } from './study.ts'

export interface CourseView {
  readonly course: CoursePageRow
  readonly enrollment: EnrollmentRow | undefined
  readonly study: Study | undefined
  /** Whether the viewer is an owner. */
  readonly owned: boolean
}

/** The page of a course, with what a signed-in viewer has to do with it. */
export async function readCoursePage(
  from: Pick<Deps, 'db' | 'pages'>,
  actor: Actor | null,
  idOrSlug: string,
): Promise<CourseView> {
  const course = await recallCoursePage(from, idOrSlug)
  if (!course) throw refuse(notFound)
  const owned = isOwner(actor, course)
  const studying =
    actor === null ? undefined : await findStudying(from.db, { userId: actor.userId, courseId: course.id })
  const enrollment = studying?.enrollment
  if (!actor || !studying || !isEnrolled(enrollment?.status)) {
    requireVisible(actor, course)
    return { course, enrollment, study: undefined, owned }
  }
  const study = studyOf(course, studying.done, termsOf(studying.enrollment, actor))
  return { course, enrollment, study, owned }
}
