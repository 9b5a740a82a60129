import type { Db } from '../../platform/database/database.ts'
import { findWhole } from './queries.ts'
import { keysOf } from './rules.ts'

const atOnce = 1_000

/** The keys of all files that have come whole, and of the smaller images beside them. */
export async function* storedMedia(db: Db): AsyncGenerator<string> {
  for (let after: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof findWhole>> = await findWhole(db, { after, atMost: atOnce })
    for (const media of page) yield* keysOf(media)
    after = page.at(-1)?.id ?? null
    if (page.length < atOnce) return
  }
}
