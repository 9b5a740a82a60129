import type { Tx } from '../../platform/database/database.ts'
import type { Fact } from '../../platform/events/events.ts'
import { findSignIn } from '../accounts/index.ts'
import { programOf } from './rules.ts'
import { tellPeople } from './tell-people.ts'
import { identityWords, passwordWords, signInWords, type Words } from './words.ts'

type AccountFact<More = unknown> = Fact<{ userId: string } & More>

export async function tellPasswordChanged(
  tx: Tx,
  fact: AccountFact<{ how: 'changed' | 'reset' | 'set_by_operator' }>,
): Promise<void> {
  await tellOwner(tx, fact, passwordWords(fact.payload.how))
}

/** Only what was not seen before: who is told of each sign-in reads none. */
export async function tellSignIn(tx: Tx, fact: AccountFact<{ sessionId: string }>): Promise<void> {
  const signIn = await findSignIn(tx, fact.payload.sessionId)
  if (signIn?.unknown) await tellOwner(tx, fact, signInWords(programOf(signIn.user_agent), signIn.address))
}

export async function tellIdentityLinked(tx: Tx, fact: AccountFact<{ issuer: string }>): Promise<void> {
  await tellOwner(tx, fact, identityWords(fact.payload.issuer))
}

async function tellOwner(tx: Tx, fact: AccountFact, words: Words): Promise<void> {
  const notice = { factId: fact.id, kind: 'security' as const, data: { event: fact.type }, ...words }
  await tellPeople(tx, fact, { notice, userIds: [fact.payload.userId] })
}
