import { sql } from 'kysely'
import type { Tx } from '../../platform/database/database.ts'

/** Forgets the words that no course has any more; until then a misspelled one may still stand for them, and find nothing. */
export async function reviewSearchWords(tx: Tx): Promise<void> {
  await sql`select review_search_words()`.execute(tx)
}
