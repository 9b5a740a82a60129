import type { Db } from '../../platform/database/database.ts'
import { findChoices } from './preference-queries.ts'
import { findNotificationsOf } from './queries.ts'

const atOnce = 1_000

/** For the archive of a person: what they were told, and by which channels they chose to be. */
export async function notificationData(db: Db, userId: string): Promise<Record<string, unknown>> {
  const { digest, choices } = await findChoices(db, userId)
  return {
    notifications: readAll(db, userId),
    digest,
    choices: choices.map(({ kind, in_app, email }) => ({ kind, inApp: in_app, email })),
  }
}

async function* readAll(db: Db, userId: string) {
  let after: string | null = null
  for (;;) {
    const page = await findNotificationsOf(db, userId, { after, limit: atOnce })
    for (const { id, kind, title, body, data, created_at, read_at, emailed_at } of page)
      yield { id, kind, title, body, data, createdAt: created_at, readAt: read_at, emailedAt: emailed_at }
    const last = page.at(-1)
    if (!last || page.length < atOnce) return
    after = last.id
  }
}
