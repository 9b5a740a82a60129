import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { requireVersion } from '../../platform/http/if-match.ts'
import { badField, notFound, refuse } from '../../platform/http/refusal.ts'
import { findRoles } from '../accounts/index.ts'
import { findInstructors, lockCourse, replaceInstructors, updateCourse } from './course-queries.ts'
import { courseAssigned } from './events.ts'
import { differenceOf } from './rules.ts'
import type { Assignment } from './schemas.ts'

/** An admin says who teaches a course, and as what: those and no others. */
export async function assignInstructors(
  tx: Tx,
  actor: Actor,
  input: { courseId: string; instructors: Assignment; ifMatch?: string | undefined },
): Promise<void> {
  const { courseId, instructors } = input
  const course = await lockCourse(tx, courseId)
  if (!course) throw refuse(notFound)
  requireVersion(course.version, input.ifMatch)
  if (!instructors.some(({ role }) => role === 'lead')) throw badField('', 'needs at least one lead')
  const userIds = instructors.map(({ userId }) => userId)
  const roles = await findRoles(tx, userIds)
  for (const [index, userId] of userIds.entries()) {
    const path = `/${index}/userId`
    const role = roles.get(userId)
    if (userIds.indexOf(userId) < index) throw badField(path, 'is named twice')
    if (role === undefined) throw badField(path, 'is nobody here')
    if (role !== 'instructor' && role !== 'admin') throw badField(path, 'is no instructor')
  }
  const from = await findInstructors(tx, courseId)
  await replaceInstructors(tx, courseId, instructors)
  await updateCourse(tx, courseId, { updated_at: actor.at })
  const fact = { courseId, from, to: instructors, ...differenceOf(from, instructors) }
  await publish(tx, courseAssigned, fact, actor)
}
