import type { Tx } from '../../platform/database/database.ts'
import { type CourseOutline, findOutline } from '../catalogue/index.ts'
import { type EnrollmentRow, holdLiveEnrollments } from '../enrollments/index.ts'
import { findStudies, type VersionedStudy } from './completion-queries.ts'
import type { Done } from './queries.ts'

/** Who wants to do something in a course. */
interface Wish {
  readonly actor: { readonly userId: string }
  /** The course as it was a moment ago: it is read again where it is another by now. */
  readonly outline: CourseOutline | undefined
}

/** A live enrollment that is held, and what was done in it. */
export interface HeldStudy {
  readonly enrollment: EnrollmentRow
  readonly course: CourseOutline
  readonly done: Done
}

/**
 * Holds the live enrollments of these people until the transaction ends, in one round trip where their courses have not changed.
 * @returns by `nameOf`; without those who have none, or whose course is gone
 */
export async function holdStudies(tx: Tx, wishes: readonly Wish[]): Promise<ReadonlyMap<string, HeldStudy>> {
  const places = new Map<string, { userId: string; courseId: string }>()
  for (const { actor, outline } of wishes) {
    if (!outline) continue
    const place = { userId: actor.userId, courseId: outline.id }
    places.set(nameOf(place), place)
  }
  if (places.size === 0) return new Map()
  const which = [...places.values()]
  await holdLiveEnrollments(tx, which)
  const studies = await findStudies(tx, which)
  const courses = await findCurrent(tx, studies, wishes)
  const held = new Map<string, HeldStudy>()
  for (const { enrollment, done } of studies) {
    const { user_id: userId, course_id: courseId } = enrollment
    const course = courses.get(courseId)
    if (course) held.set(nameOf({ userId, courseId }), { enrollment, course, done })
  }
  return held
}

export function nameOf({ userId, courseId }: { userId: string; courseId: string }): string {
  return `${userId} ${courseId}`
}

/** Their courses as they are now, by id. */
async function findCurrent(
  tx: Tx,
  studies: readonly VersionedStudy[],
  wishes: readonly Wish[],
): Promise<ReadonlyMap<string, CourseOutline | undefined>> {
  const versions = new Map(studies.map(({ enrollment, version }) => [enrollment.course_id, version]))
  const courses = new Map<string, CourseOutline | undefined>()
  for (const { outline } of wishes)
    if (outline && versions.get(outline.id) === outline.version) courses.set(outline.id, outline)
  for (const courseId of versions.keys())
    if (!courses.has(courseId)) courses.set(courseId, await findOutline(tx, { courseId }))
  return courses
}
