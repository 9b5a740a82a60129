import type { Db } from '../../platform/database/database.ts'
import { findAttemptsOf } from './attempt-queries.ts'
import { findExtraAttemptsOf } from './extra-attempt-queries.ts'
import { presentAttempt, presentExtraAttempts } from './present.ts'

const atOnce = 50

/** For the archive of a person: what they were asked and what they answered. What would have been right is the school's. */
export async function attemptData(db: Db, userId: string): Promise<Record<string, unknown>> {
  const extra = await findExtraAttemptsOf(db, userId)
  return { attempts: readAttempts(db, userId), extraAttempts: extra.map(presentExtraAttempts) }
}

async function* readAttempts(db: Db, userId: string): AsyncGenerator<unknown> {
  for (let after: string | null = null; ; ) {
    const rows = await findAttemptsOf(db, userId, { after, limit: atOnce })
    yield* rows.map((row) => presentAttempt(row))
    if (rows.length < atOnce) return
    after = rows.at(-1)?.id ?? null
  }
}
