import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { lockCourse, updateCourse } from './course-queries.ts'
import { courseClosed, courseIncomplete } from './errors.ts'
import { coursePublished } from './events.ts'
import { countContents } from './outline-queries.ts'
import { requireMay } from './policy.ts'
import { canBecome, lacksOf } from './rules.ts'

/** Shows the course to everybody. Published again, it keeps its first date. */
export async function publishCourse(tx: Tx, actor: Actor, courseId: string): Promise<void> {
  const course = requireMay(actor, await lockCourse(tx, courseId), 'publish')
  if (!canBecome(course.status, 'published')) throw refuse(courseClosed)
  if (course.status === 'published') return
  const missing = lacksOf(await countContents(tx, courseId))
  if (missing.length > 0) throw refuse(courseIncomplete, undefined, { members: { missing } })
  await updateCourse(tx, courseId, {
    status: 'published',
    published_at: course.published_at ?? actor.at,
    updated_at: actor.at,
  })
  await publish(tx, coursePublished, { courseId }, actor)
}
