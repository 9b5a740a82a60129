import { sql } from 'kysely'
import type { Actor } from '../../platform/actor.ts'
import { sqlState, type Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { requireVersion } from '../../platform/http/if-match.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { archiveCourse } from './archive-course.ts'
import { deleteCourse as deleteRow, lockCourse } from './course-queries.ts'
import { courseDeleted } from './events.ts'
import { requireMay } from './policy.ts'
import { removeThumbnail } from './remove-thumbnail.ts'

const foreignKeyViolation = '23503'

/**
 * Deletes a course, or archives it where other modules hold on to it (somebody was ever enrolled). This module knows none of them:
 * the foreign keys decide.
 */
export async function deleteCourse(
  tx: Tx,
  actor: Actor,
  { courseId, ifMatch }: { courseId: string; ifMatch?: string | undefined },
): Promise<'deleted' | 'archived'> {
  const course = requireMay(actor, await lockCourse(tx, courseId), 'remove')
  requireVersion(course.version, ifMatch)
  if (await tryToDelete(tx, courseId)) {
    await publish(tx, courseDeleted, { courseId }, actor)
    if (course.thumbnail_key !== null) await addJob(tx, removeThumbnail, { key: course.thumbnail_key })
    return 'deleted'
  }
  await archiveCourse(tx, actor, course)
  return 'archived'
}

async function tryToDelete(tx: Tx, courseId: string): Promise<boolean> {
  await sql`savepoint before_delete`.execute(tx)
  try {
    await deleteRow(tx, courseId)
    return true
  } catch (error) {
    if (sqlState(error) !== foreignKeyViolation) throw error
    await sql`rollback to savepoint before_delete`.execute(tx)
    return false
  }
}
