import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { lockCourse, updateCourse } from './course-queries.ts'
import { courseChanged } from './events.ts'
import { requireOwner } from './policy.ts'
import { removeThumbnail } from './remove-thumbnail.ts'

/** Gives a course the stored picture, or none; the one before is deleted after the commit. */
export async function setThumbnail(
  tx: Tx,
  actor: Actor,
  { courseId, key }: { courseId: string; key: string | null },
): Promise<void> {
  const { thumbnail_key: before } = requireOwner(actor, await lockCourse(tx, courseId))
  if (before === key) return
  await updateCourse(tx, courseId, { thumbnail_key: key, updated_at: actor.at })
  if (before !== null) await addJob(tx, removeThumbnail, { key: before })
  await publish(tx, courseChanged, { courseId }, actor)
}
