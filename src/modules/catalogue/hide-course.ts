import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { badField, notFound, refuse } from '../../platform/http/refusal.ts'
import { lockCourse, updateCourse } from './course-queries.ts'
import { courseHidden, courseShown } from './events.ts'
import type { Visibility } from './schemas.ts'

/** An admin takes a course out of the catalogue, or lets it back. Repeated, it changes nothing, unless the reason is another. */
export async function hideCourse(
  tx: Tx,
  actor: Actor,
  { courseId, hidden, reason }: Visibility & { courseId: string },
): Promise<void> {
  const why = reason?.trim() || null
  if (hidden && why === null) throw badField('/reason', 'is required: the instructors are told it')
  const course = await lockCourse(tx, courseId)
  if (!course) throw refuse(notFound)
  if (hidden && why !== null) {
    if (course.hidden_at !== null && course.hidden_reason === why) return
    const hiding = { hidden_at: course.hidden_at ?? actor.at, hidden_reason: why }
    await updateCourse(tx, courseId, { ...hiding, updated_at: actor.at })
    await publish(tx, courseHidden, { courseId, reason: why }, actor)
  } else if (course.hidden_at !== null) {
    await updateCourse(tx, courseId, { hidden_at: null, hidden_reason: null, updated_at: actor.at })
    await publish(tx, courseShown, { courseId }, actor)
  }
}
