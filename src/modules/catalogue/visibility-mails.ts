import { Type } from 'typebox'
import type { Tx } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import { Id, newId } from '../../platform/ids.ts'
import { addJob, defineJob } from '../../platform/jobs/jobs.ts'
import { findPeople } from '../accounts/index.ts'
import { findCourseFacts } from './course-queries.ts'

export const mailVisibility = defineJob(
  'catalogue.mail-visibility',
  Type.Object({
    mailId: Id,
    courseId: Id,
    userId: Id,
    reason: Type.Union([Type.String(), Type.Null()], { description: 'Null: it is shown again.' }),
  }),
)

/** Queues a mail to each instructor of a course that an admin hid (for a reason) or shows again (without). */
export async function tellInstructors(
  tx: Tx,
  { courseId, reason }: { courseId: string; reason: string | null },
): Promise<void> {
  const course = await findCourseFacts(tx, courseId)
  for (const userId of course?.instructor_ids ?? [])
    await addJob(tx, mailVisibility, { mailId: newId(), courseId, userId, reason })
}

/** A retry sends the same mail under the same id. */
export async function sendVisibility(
  { db, mailer, config }: Deps,
  {
    mailId,
    courseId,
    userId,
    reason,
  }: { mailId: string; courseId: string; userId: string; reason: string | null },
): Promise<void> {
  const course = await findCourseFacts(db, courseId)
  const [person] = await findPeople(db, [userId])
  if (!course || !person) return
  const { subject, what } = reason === null ? shown(course.title) : hidden(course.title, reason)
  const text = `Hello,\n\n${what}\n\n${config.publicUrl}\n`
  await mailer.send({ id: mailId, to: person.email, subject, text })
}

function hidden(title: string, reason: string) {
  const what = `An admin of the school has hidden your course “${title}”. Those who are enrolled go on; nobody else sees it, and it takes nobody in.\n\nThe reason:\n\n${reason}`
  return { subject: `Your course “${title}” is hidden`, what }
}

function shown(title: string) {
  return {
    subject: `Your course “${title}” is shown again`,
    what: `An admin of the school shows your course “${title}” again.`,
  }
}
