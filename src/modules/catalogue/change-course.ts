import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { requireVersion } from '../../platform/http/if-match.ts'
import { badField, refuse } from '../../platform/http/refusal.ts'
import { refuseUnknownCategory } from './category-of-course.ts'
import { columnsOf } from './course-columns.ts'
import { insertSlug, lockCourse, updateCourse } from './course-queries.ts'
import type { CourseFactsRow } from './course-selection.ts'
import { slugTaken } from './errors.ts'
import { courseChanged, coursePriced } from './events.ts'
import { requireMay, requireOwner } from './policy.ts'
import { priceOf } from './present.ts'
import { isUsableSlug } from './rules.ts'
import type { CourseChange } from './schemas.ts'
import { keepCourseTextMedia, type Site } from './text-media.ts'

/** Changes the said fields. Under a slug that it had, the course is found as before. */
export async function changeCourse(
  tx: Tx,
  actor: Actor,
  input: { courseId: string; change: CourseChange; site: Site; ifMatch?: string | undefined },
): Promise<void> {
  const { change, site } = input
  const course = requireOwner(actor, await lockCourse(tx, input.courseId))
  requireVersion(course.version, input.ifMatch)
  if (Object.keys(change).length === 0) return
  const columns = columnsOf(change)
  const priced = changes(course, columns, 'price_amount', 'price_currency')
  if (priced) requireMay(actor, course, 'price')
  if (changes(course, columns, 'slug')) await rename(tx, actor, course, change.slug ?? course.slug)
  await refuseUnknownCategory(() => updateCourse(tx, course.id, { ...columns, updated_at: actor.at }))
  if (change.description !== undefined)
    await keepCourseTextMedia(tx, actor, { courseId: course.id, text: change.description, site })
  await publish(tx, courseChanged, { courseId: course.id }, actor)
  if (priced) {
    const { price_amount = null, price_currency = null } = columns
    const to = priceOf({ price_amount, price_currency })
    await publish(tx, coursePriced, { courseId: course.id, from: priceOf(course), to }, actor)
  }
}

function changes(
  course: CourseFactsRow,
  columns: ReturnType<typeof columnsOf>,
  ...names: readonly ('slug' | 'price_amount' | 'price_currency')[]
): boolean {
  return names.some((name) => columns[name] !== undefined && columns[name] !== course[name])
}

async function rename(tx: Tx, actor: Actor, course: CourseFactsRow, slug: string): Promise<void> {
  requireMay(actor, course, 'rename')
  if (!isUsableSlug(slug)) throw badField('/slug', 'cannot be the address of a course')
  if ((await insertSlug(tx, { slug, courseId: course.id })) === undefined) throw refuse(slugTaken)
}
