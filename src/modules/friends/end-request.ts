import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { deletePair, lockRequest } from './queries.ts'

/** Ends a request that is open: its addressee declines it, its sender withdraws it. */
export async function endRequest(
  tx: Tx,
  actor: Actor,
  { id, as }: { id: string; as: 'addressee' | 'sender' },
): Promise<void> {
  const pair = await lockRequest(tx, id)
  const own = pair && actor.userId === (as === 'addressee' ? pair.to_id : pair.from_id)
  if (!own || pair.accepted_at) throw refuse(notFound)
  await deletePair(tx, id)
}
