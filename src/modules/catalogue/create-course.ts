import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { newId } from '../../platform/ids.ts'
import { refuseUnknownCategory } from './category-of-course.ts'
import { columnsOf } from './course-columns.ts'
import { insertCourse, insertInstructor } from './course-queries.ts'
import { courseCreated } from './events.ts'
import { priceOf } from './present.ts'
import type { NewCourse } from './schemas.ts'
import { stateFirstPrice } from './state-first-price.ts'
import { takeCourseSlug } from './take-course-slug.ts'
import { keepCourseTextMedia, type Site } from './text-media.ts'

/** Begins a draft. An instructor who makes a course leads it; an admin assigns instructors later. */
export async function createCourse(
  tx: Tx,
  actor: Actor,
  { site, ...input }: NewCourse & { slug?: string; site: Site },
): Promise<string> {
  const columns = columnsOf(input)
  const id = newId()
  const slug = await takeCourseSlug(tx, { courseId: id, title: input.title, slug: input.slug })
  const course = { ...columns, id, slug, title: input.title.trim(), created_at: actor.at }
  await refuseUnknownCategory(() => insertCourse(tx, course))
  if (input.description) await keepCourseTextMedia(tx, actor, { courseId: id, text: input.description, site })
  if (actor.role === 'instructor')
    await insertInstructor(tx, { course_id: id, user_id: actor.userId, role: 'lead' })
  await publish(tx, courseCreated, { courseId: id }, actor)
  const { price_amount = null, price_currency = null } = columns
  await stateFirstPrice(tx, actor, { courseId: id, price: priceOf({ price_amount, price_currency }) })
  return id
}
