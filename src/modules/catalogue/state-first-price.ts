import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import type { Money } from '../../platform/money.ts'
import { coursePriced } from './events.ts'

/** A course that begins with a price has been priced, too: the audit log has every price that it had. */
export async function stateFirstPrice(
  tx: Tx,
  actor: Actor,
  { courseId, price }: { courseId: string; price: Money | null },
): Promise<void> {
  if (price !== null) await publish(tx, coursePriced, { courseId, from: null, to: price }, actor)
}
