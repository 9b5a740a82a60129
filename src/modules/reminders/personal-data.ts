import type { Db } from '../../platform/database/database.ts'
import { findRemindersOf } from './queries.ts'

const atOnce = 1_000

/** For the archive of a person: what they were, or are to be, reminded of. */
export async function reminderData(db: Db, userId: string): Promise<Record<string, unknown>> {
  return { reminders: readAll(db, userId) }
}

async function* readAll(db: Db, userId: string) {
  let after: string | null = null
  for (;;) {
    const page = await findRemindersOf(db, userId, { after, limit: atOnce })
    for (const row of page) {
      yield {
        cause: row.cause,
        courseId: row.course_id,
        about: row.subject_id,
        days: row.step,
        madeAt: row.made_at,
        dueAt: row.due_at,
        latestAt: row.latest_at,
        toldAt: row.told_at,
      }
    }
    const last = page.at(-1)
    if (!last || page.length < atOnce) return
    after = last.id
  }
}
