import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { addJob, addJobs } from '../../platform/jobs/jobs.ts'
import { holdPeopleToTell } from '../accounts/index.ts'
import { mailNotification, pushNotifications } from './job-types.ts'
import { traitsOf } from './kinds.ts'
import { insertNotifications, type Notice } from './queries.ts'

/**
 * Tells people of a fact, each by the channels of their choice, and each once: told again, nothing happens. What leaves the database
 * (push, mail) is left to jobs.
 * @param input.unmailed whoever did it and is looking at it: gets no mail
 * @param input.aboutId whom it tells of, where that is somebody else: of who is gone nobody is told
 */
export async function tellPeople(
  tx: Tx,
  { at }: Cause,
  told: { notice: Notice; userIds: readonly string[]; unmailed?: string | null; aboutId?: string },
): Promise<void> {
  const { notice, userIds, unmailed, aboutId } = told
  const held = await holdPeopleToTell(tx, aboutId === undefined ? userIds : [...userIds, aboutId])
  const people = held.filter(({ id }) => id !== aboutId)
  if (people.length === 0 || (aboutId !== undefined && people.length === held.length)) return
  const { essential = false, mailAfterSeconds = 0 } = traitsOf(notice.kind)
  const readers = people.map(({ id, verified }) => ({
    id,
    mailed: (verified || essential) && id !== unmailed,
  }))
  const made = await insertNotifications(tx, notice, { readers, at })
  const shown = made.filter((row) => row.in_app).map(({ id }) => id)
  if (shown.length > 0) await addJob(tx, pushNotifications, { notificationIds: shown })
  const mailed = made.filter((row) => row.email === 'now').map(({ id }) => ({ notificationId: id }))
  const runAt = new Date(at.getTime() + mailAfterSeconds * 1_000)
  await addJobs(tx, mailNotification, mailed, mailAfterSeconds > 0 ? { runAt } : {})
}
