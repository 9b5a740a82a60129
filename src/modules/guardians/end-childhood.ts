import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publishAll } from '../../platform/events/events.ts'
import { guardianRemoved } from './events.ts'
import { deleteCodesOf, deleteGuardiansOf } from './queries.ts'

/** Whoever is a student no more has no guardians: they could neither see nor remove them. */
export async function endChildhood(tx: Tx, cause: Cause, childId: string): Promise<void> {
  const parentIds = await deleteGuardiansOf(tx, childId)
  await deleteCodesOf(tx, childId)
  const links = parentIds.map((parentId) => ({ parentId, childId }))
  await publishAll(tx, guardianRemoved, links, cause)
}
