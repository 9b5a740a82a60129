import { sql } from 'kysely'
import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { answerNotRead } from '../../platform/database/statements.ts'
import { newId } from '../../platform/ids.ts'
import type { Money } from '../../platform/money.ts'

/** What the money at the gateway stands against. */
export type Account = 'sales' | 'refunds' | 'returns'

/**
 * Writes a movement of money at a gateway once per cause: what the gateway holds rises by the amount (falls, where `out`), the other
 * account by its opposite.
 * @throws where this cause was written before: a movement is one piece of money
 */
export async function writeMovement(
  tx: Tx,
  movement: { cause: string; paymentId: string; money: Money; against: Account; out: boolean },
  { at }: Cause,
): Promise<void> {
  const { cause, paymentId, money, against, out } = movement
  const amount = out ? -money.amount : money.amount
  await sql`
    with moved as (
      insert into ledger_movements (id, cause, payment_id, at)
      values (${newId()}, ${cause}, ${paymentId}, ${at}) returning id
    )
    insert into ledger_entries (movement_id, account, amount, currency)
    select moved.id, entry.account, entry.amount, ${money.currency}
    from moved, (values ('gateway', ${amount}::bigint), (${against}, ${-amount}::bigint)) as entry (account, amount)
    ${answerNotRead}`.execute(tx)
}
