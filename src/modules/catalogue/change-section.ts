import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { requireVersion } from '../../platform/http/if-match.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { updateCourse } from './course-queries.ts'
import { sectionChanged } from './events.ts'
import { requireOwner } from './policy.ts'
import type { SectionChange } from './schemas.ts'
import { lockCourseOfSection, type SectionRow, updateSection } from './section-queries.ts'

/** @param input.ifMatch for the version of the course, which counts changes of its sections too */
export async function changeSection(
  tx: Tx,
  actor: Actor,
  input: { sectionId: string; change: SectionChange; ifMatch?: string | undefined },
): Promise<{ section: SectionRow; version: number }> {
  const { sectionId, change } = input
  const course = requireOwner(actor, await lockCourseOfSection(tx, sectionId))
  requireVersion(course.version, input.ifMatch)
  const section = await updateSection(tx, sectionId, {
    ...(change.title === undefined ? {} : { title: change.title.trim() }),
    ...(change.description === undefined ? {} : { description: change.description }),
  })
  if (!section) throw refuse(notFound)
  if (Object.keys(change).length === 0) return { section, version: course.version }
  const version = await updateCourse(tx, course.id, { updated_at: actor.at })
  await publish(tx, sectionChanged, { courseId: course.id, sectionId }, actor)
  return { section, version }
}
