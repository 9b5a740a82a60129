import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import type { Hindrance, Module } from '../../platform/module.ts'
import { lockCourse, updateCourse } from './course-queries.ts'
import { courseClosed, courseIncomplete } from './errors.ts'
import { coursePublished } from './events.ts'
import { countContents } from './outline-queries.ts'
import { requireMay } from './policy.ts'
import { canBecome, lacksOf } from './rules.ts'

/** Shows the course to everybody. Published again, it keeps its first date. */
export async function publishCourse(
  tx: Tx,
  actor: Actor,
  { courseId, modules }: { courseId: string; modules: readonly Pick<Module, 'hindersPublishing'>[] },
): Promise<void> {
  const course = requireMay(actor, await lockCourse(tx, courseId), 'publish')
  if (!canBecome(course.status, 'published')) throw refuse(courseClosed)
  if (course.status === 'published') return
  const hindrances: Hindrance[] = []
  for (const { hindersPublishing } of modules)
    hindrances.push(...((await hindersPublishing?.(tx, courseId)) ?? []))
  const lacks = lacksOf(await countContents(tx, courseId))
  const missing = [...new Set([...lacks, ...hindrances.map(({ reason }) => reason)])]
  if (missing.length > 0)
    throw refuse(courseIncomplete, undefined, {
      members: { missing, ...(hindrances.length > 0 ? { hindrances } : {}) },
    })
  await updateCourse(tx, courseId, {
    status: 'published',
    published_at: course.published_at ?? actor.at,
    updated_at: actor.at,
  })
  await publish(tx, coursePublished, { courseId }, actor)
}
