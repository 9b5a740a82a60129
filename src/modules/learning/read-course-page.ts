import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { type CoursePageRow, findCoursePage, isOwner, requireVisible } from '../catalogue/index.ts'
import { type EnrollmentRow, findLiveEnrollment, isEnrolled } from '../enrollments/index.ts'
import { findDone } from './queries.ts'
import { type Study, studyOf, termsOf } from './study.ts'

export interface CourseView {
  readonly course: CoursePageRow
  readonly enrollment: EnrollmentRow | undefined
  readonly study: Study | undefined
  /** Whether the viewer is an owner. */
  readonly owned: boolean
}

/** The page of a course, with what a signed-in viewer has to do with it. */
export async function readCoursePage(db: Db, actor: Actor | null, idOrSlug: string): Promise<CourseView> {
  const course = await findCoursePage(db, idOrSlug)
  if (!course) throw refuse(notFound)
  const owned = isOwner(actor, course)
  const which = { userId: actor?.userId ?? '', courseId: course.id }
  const enrollment = actor ? await findLiveEnrollment(db, which) : undefined
  if (!actor || !enrollment || !isEnrolled(enrollment.status)) {
    requireVisible(actor, course)
    return { course, enrollment, study: undefined, owned }
  }
  const done = await findDone(db, { enrollmentId: enrollment.id, courseId: course.id })
  return { course, enrollment, study: studyOf(course, done, termsOf(enrollment, actor)), owned }
}
