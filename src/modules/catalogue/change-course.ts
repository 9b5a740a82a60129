import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuseUnknownCategory } from './category-of-course.ts'
import { columnsOf } from './course-columns.ts'
import { lockCourse, updateCourse } from './course-queries.ts'
import { courseChanged } from './events.ts'
import { requireOwner } from './policy.ts'
import type { CourseChange } from './schemas.ts'

/** Changes the said fields. The slug stays: addresses of the course are out in the world. */
export async function changeCourse(
  tx: Tx,
  actor: Actor,
  input: { courseId: string; change: CourseChange },
): Promise<void> {
  const { id } = requireOwner(actor, await lockCourse(tx, input.courseId))
  const columns = columnsOf(input.change)
  await refuseUnknownCategory(() => updateCourse(tx, id, { ...columns, updated_at: actor.at }))
  await publish(tx, courseChanged, { courseId: id }, actor)
}
