import type { Db } from '../../platform/database/database.ts'
import { findToldOfPerson } from './delivery-queries.ts'

const atOnce = 1_000

/** For the archive of a person: which other programs were told what of them, as long as the log goes back. */
export async function webhookData(db: Db, userId: string): Promise<Record<string, unknown>> {
  return { toldElsewhere: readAll(db, userId) }
}

async function* readAll(db: Db, userId: string) {
  let after: string | null = null
  for (;;) {
    const page = await findToldOfPerson(db, userId, { after, limit: atOnce })
    // The path of an address may be a secret of its own.
    for (const { type, occurred_at, data, delivered_at, url } of page)
      yield { type, occurredAt: occurred_at, data, toldAt: delivered_at, host: new URL(url).host }
    const last = page.at(-1)
    if (!last || page.length < atOnce) return
    after = last.id
  }
}
