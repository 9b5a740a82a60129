import { createHash, randomInt } from 'node:crypto'
import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { guardianCodeMade } from './events.ts'
import { deleteOldestCodes, insertCode } from './queries.ts'
import { codeAlphabet, codeLength, codesAtOnce, expiryOf, formatCode } from './rules.ts'

/** Makes a code that one parent can redeem to become a guardian of the actor. */
export async function makeCode(tx: Tx, actor: Actor): Promise<{ code: string; expiresAt: Date }> {
  const code = Array.from({ length: codeLength }, () => codeAlphabet[randomInt(codeAlphabet.length)]).join('')
  const expiresAt = expiryOf(actor.at)
  await insertCode(tx, { hash: hashOf(code), childId: actor.userId, expiresAt })
  await deleteOldestCodes(tx, actor.userId, codesAtOnce)
  await publish(tx, guardianCodeMade, { childId: actor.userId }, actor)
  return { code: formatCode(code), expiresAt }
}

/** What is kept of a code: with 60 random bits in it, no slower hash is needed. */
export function hashOf(code: string): Buffer {
  return createHash('sha256').update(code).digest()
}
