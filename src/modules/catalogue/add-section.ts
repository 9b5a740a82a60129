import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { lockCourse, updateCourse } from './course-queries.ts'
import { courseFull } from './errors.ts'
import { sectionAdded } from './events.ts'
import { countContents } from './outline-queries.ts'
import { requireOwner } from './policy.ts'
import { mostSections } from './rules.ts'
import type { NewSection } from './schemas.ts'
import { insertSection, type SectionRow } from './section-queries.ts'

/** Adds a section at the end of a course. */
export async function addSection(tx: Tx, actor: Actor, input: NewSection): Promise<SectionRow> {
  const { id: courseId } = requireOwner(actor, await lockCourse(tx, input.courseId))
  const { sections } = await countContents(tx, courseId)
  if (sections >= mostSections) throw refuse(courseFull)
  const section = await insertSection(tx, {
    id: newId(),
    course_id: courseId,
    title: input.title.trim(),
    description: input.description ?? null,
  })
  await updateCourse(tx, courseId, { updated_at: actor.at })
  await publish(tx, sectionAdded, { courseId, sectionId: section.id }, actor)
  return section
}
