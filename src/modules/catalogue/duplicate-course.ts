import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { newId } from '../../platform/ids.ts'
import {
  copyCourse,
  copyLessons,
  copyMaterials,
  copySections,
  copyTextMedia,
  findContentIds,
} from './copy-queries.ts'
import { insertInstructor, lockCourse } from './course-queries.ts'
import { courseCreated, courseDuplicated } from './events.ts'
import { requireMay } from './policy.ts'
import { priceOf } from './present.ts'
import { titleOfCopy } from './rules.ts'
import { stateFirstPrice } from './state-first-price.ts'
import { takeCourseSlug } from './take-course-slug.ts'

/**
 * Copies a course with all it holds as a draft, in a number of statements that does not grow with it. Files are not copied: both
 * courses show the same ones. Of a hidden course the copy is hidden, whoever makes it, until an admin shows it. An instructor who
 * copies leads the copy; an admin assigns instructors later.
 */
export async function duplicateCourse(tx: Tx, actor: Actor, courseId: string): Promise<string> {
  const course = requireMay(actor, await lockCourse(tx, courseId), 'duplicate')
  const copyId = newId()
  const title = titleOfCopy(course.title)
  const slug = await takeCourseSlug(tx, { courseId: copyId, title })
  await copyCourse(tx, { from: courseId, id: copyId, title, slug, at: actor.at })
  if (actor.role === 'instructor')
    await insertInstructor(tx, { course_id: copyId, user_id: actor.userId, role: 'lead' })

  const { sectionIds, lessonIds, materialIds } = await findContentIds(tx, courseId)
  const copiesOf = (ids: readonly string[]) => ({ from: ids, to: ids.map(newId) })
  const sections = copiesOf(sectionIds)
  const lessons = copiesOf(lessonIds)
  await copySections(tx, { courseId: copyId, sections })
  await copyLessons(tx, { courseId: copyId, sections, lessons, at: actor.at })
  await copyMaterials(tx, { lessons, materials: copiesOf(materialIds), at: actor.at })
  await copyTextMedia(tx, { from: courseId, to: copyId, lessons })
  await publish(tx, courseCreated, { courseId: copyId }, actor)
  await stateFirstPrice(tx, actor, { courseId: copyId, price: priceOf(course) })
  await publish(tx, courseDuplicated, { courseId, copyId }, actor)
  return copyId
}
