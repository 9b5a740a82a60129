import type { Actor } from '../../platform/actor.ts'
import type { Deps } from '../../platform/deps.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { type CoursePageRow, isOwner, recallCoursePage, requireVisible } from '../catalogue/index.ts'
import { type EnrollmentRow, isEnrolled } from '../enrollments/index.ts'
import { findOwnFacts } from './fact-queries.ts'
import { type Summary, summaryFrom } from './rules.ts'

export interface CourseView {
  readonly course: CoursePageRow
  readonly enrollment: EnrollmentRow | undefined
  /** Of one who may use the course. */
  readonly progress: Summary | null
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
  const own = actor && (await findOwnFacts(from.db, { userId: actor.userId, courseId: course.id }))
  if (!own || !isEnrolled(own.enrollment.status)) {
    requireVisible(actor, course)
    return { course, enrollment: own?.enrollment, progress: null, owned }
  }
  const { enrollment, completedLessons, examMissing } = own
  const totalLessons = course.sections.reduce((sum, { lessons }) => sum + lessons.length, 0)
  // The count is of now, the lessons are those of a moment ago.
  const done = { completedLessons: Math.min(completedLessons, totalLessons), totalLessons, examMissing }
  return { course, enrollment, progress: summaryFrom(done), owned }
}
