import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { holdPeopleToTell } from '../accounts/index.ts'
import { insertReminders, lockSearch, type NewReminder, updateSearch } from './queries.ts'
import { searchedFrom } from './rules.ts'

/** Looks for what somebody is to be reminded of since a moment in a span: after `from`, up to `until`. */
export interface Finder {
  /** Unique for ever: how far it came is noted under it. */
  readonly name: string
  /**
   * A page of it.
   * @param page.after what the page before gave; null at the begin
   */
  find(
    db: Db,
    span: { readonly from: Date; readonly until: Date },
    page: { after: unknown; limit: number },
  ): Promise<{ found: readonly NewReminder[]; after: unknown }>
}

/**
 * Takes one search a page further. How far it came commits with what it found, and two that search at once take turns: nothing is left
 * out, and what is found again is there already.
 * @returns whether there is more
 */
export async function searchOn(
  tx: Tx,
  { at }: Cause,
  { finder, limit }: { finder: Finder; limit: number },
): Promise<boolean> {
  const { name } = finder
  const search = await lockSearch(tx, name, at)
  const until = search.until ?? at
  if (until <= search.reached) return false
  const span = { from: searchedFrom(search.reached, until), until }
  const { found, after } = await finder.find(tx, span, { after: search.after, limit })
  const people = [...new Set(found.map(({ userId }) => userId))]
  const held = new Set((people.length > 0 ? await holdPeopleToTell(tx, people) : []).map(({ id }) => id))
  await insertReminders(
    tx,
    found.filter(({ userId }) => held.has(userId)),
    at,
  )
  const further = after === null ? { reached: until, until: null } : { reached: search.reached, until }
  await updateSearch(tx, name, { ...further, after })
  return after !== null
}
