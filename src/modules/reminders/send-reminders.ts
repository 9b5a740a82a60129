import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { ReminderCause } from '../../platform/database/schema.ts'
import { findAddressees } from '../accounts/index.ts'
import { tellPeople } from '../notifications/index.ts'
import { deleteReminders, lockDue, type ReminderRow, updateAsTold, updateDue } from './queries.ts'
import { tellAt } from './rules.ts'
import { stillDue, type Told } from './still-due.ts'

/**
 * Tells some of those who are due: that they were commits with what they are told, so whichever node does it, it is done once. Who has
 * night waits for the morning; what holds no more is forgotten.
 * @returns whether there may be more
 */
export async function sendReminders(tx: Tx, { at }: Cause, { atOnce }: { atOnce: number }): Promise<boolean> {
  const due = await lockDue(tx, { at, limit: atOnce })
  if (due.length === 0) return false
  const people = await findAddressees(tx, [...new Set(due.map((row) => row.user_id))])
  const timezones = new Map(people.map(({ id, timezone }) => [id, timezone]))
  const now: ReminderRow[] = []
  const later: { id: string; dueAt: Date }[] = []
  for (const row of due) {
    const timezone = timezones.get(row.user_id)
    // Whoever is gone or suspended, and what is of no use any more.
    if (timezone === undefined || at > row.latest_at) continue
    const dueAt = tellAt({ timezone, at, latestAt: row.latest_at })
    if (dueAt > at) later.push({ id: row.id, dueAt })
    else now.push(row)
  }
  await updateDue(tx, later)
  const told: Told[] = []
  for (const [cause, rows] of Map.groupBy(now, (row) => row.cause) as Map<ReminderCause, ReminderRow[]>)
    told.push(...(await stillDue[cause](tx, at, rows)))
  await tell(tx, at, told)
  const toldIds = told.flatMap(({ ids }) => ids)
  await updateAsTold(tx, toldIds, at)
  const kept = new Set([...toldIds, ...later.map(({ id }) => id)])
  await deleteReminders(
    tx,
    due.map(({ id }) => id).filter((id) => !kept.has(id)),
  )
  return due.length === atOnce
}

/** Those who are told the same, in one go. */
async function tell(tx: Tx, at: Date, told: readonly Told[]): Promise<void> {
  for (const same of Map.groupBy(told, ({ words, data }) => JSON.stringify([words, data])).values()) {
    const [{ ids: [factId] = [], words, data } = { ids: [], words: null, data: {} }] = same
    if (factId === undefined || words === null) continue
    const notice = { factId, kind: 'reminder' as const, data, ...words }
    await tellPeople(tx, { userId: null, at }, { notice, userIds: same.map(({ userId }) => userId) })
  }
}
