import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { updateCourse } from './course-queries.ts'
import { sectionChanged } from './events.ts'
import { requireOwner } from './policy.ts'
import type { SectionChange } from './schemas.ts'
import { lockCourseOfSection, type SectionRow, updateSection } from './section-queries.ts'

export async function changeSection(
  tx: Tx,
  actor: Actor,
  input: { sectionId: string; change: SectionChange },
): Promise<SectionRow> {
  const { sectionId, change } = input
  const { id: courseId } = requireOwner(actor, await lockCourseOfSection(tx, sectionId))
  const section = await updateSection(tx, sectionId, {
    ...(change.title === undefined ? {} : { title: change.title.trim() }),
    ...(change.description === undefined ? {} : { description: change.description }),
  })
  if (!section) throw refuse(notFound)
  await updateCourse(tx, courseId, { updated_at: actor.at })
  await publish(tx, sectionChanged, { courseId, sectionId }, actor)
  return section
}
