import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { findEnrolled } from '../enrollments/index.ts'
import {
  type Announcement,
  deleteAnnouncement,
  insertAnnouncement,
  lockAnnouncement,
  updateReached,
} from './announcement-queries.ts'
import { announce } from './job-types.ts'
import { tellPeople } from './tell-people.ts'

const atOnce = 500

/** Begins to tell all who are enrolled in a course; who comes after this moment finds it so. */
export async function startAnnouncement(
  tx: Tx,
  cause: Cause,
  told: Omit<Announcement, 'factId' | 'reached'>,
): Promise<void> {
  const announcementId = newId()
  await insertAnnouncement(tx, { ...told, factId: announcementId, reached: null }, cause)
  await addJob(tx, announce, { announcementId })
}

/**
 * Tells the next some hundred, and leaves the rest to another job: no transaction is long, however many there are. How far it came
 * commits with what was told, so that a killed worker's job goes on where it was.
 */
export async function continueAnnouncement(tx: Tx, { at }: Cause, announcementId: string): Promise<void> {
  const announcement = await lockAnnouncement(tx, announcementId)
  if (!announcement) return
  const { courseId, reached, cause, ...notice } = announcement
  const page = { after: reached, limit: atOnce }
  const enrolled = await findEnrolled(tx, { courseId, before: cause.at, ...page })
  await tellPeople(tx, { ...cause, at }, { notice, userIds: enrolled.map((row) => row.user_id) })
  const last = enrolled.at(-1)
  if (last && enrolled.length === atOnce) {
    await updateReached(tx, announcementId, last.id)
    await addJob(tx, announce, { announcementId })
  } else {
    await deleteAnnouncement(tx, announcementId)
  }
}
