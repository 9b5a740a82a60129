import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { requireVersion } from '../../platform/http/if-match.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { lockCourse, updateCourse } from './course-queries.ts'
import { outlineStale } from './errors.ts'
import { courseReordered } from './events.ts'
import type { CourseOutline } from './outline-queries.ts'
import { findOutline, placeAll } from './outline-queries.ts'
import { requireOwner } from './policy.ts'
import { faultsOf } from './rules.ts'
import type { OutlineOrder } from './schemas.ts'

/** Puts all sections and lessons into a new order; lessons may move to another section. */
export async function reorderOutline(
  tx: Tx,
  actor: Actor,
  input: { courseId: string; order: OutlineOrder; ifMatch?: string | undefined },
): Promise<CourseOutline> {
  const { courseId, order } = input
  const course = requireOwner(actor, await lockCourse(tx, courseId))
  requireVersion(course.version, input.ifMatch)
  const before = await findOutline(tx, { courseId })
  if (!before) throw refuse(notFound)
  const there = {
    sectionIds: before.sections.map(({ id }) => id),
    lessonIds: before.sections.flatMap(({ lessons }) => lessons.map(({ id }) => id)),
  }
  const faults = faultsOf(order, there)
  if (faults) throw refuse(outlineStale, undefined, { members: { ...faults } })
  await placeAll(tx, order)
  await updateCourse(tx, courseId, { updated_at: actor.at })
  await publish(tx, courseReordered, { courseId }, actor)
  return (await findOutline(tx, { courseId })) ?? before
}
