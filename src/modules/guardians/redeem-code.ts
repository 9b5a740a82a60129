import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { findRole } from '../accounts/index.ts'
import { codeInvalid } from './errors.ts'
import { linkChild } from './link-child.ts'
import { hashOf } from './make-code.ts'
import { type LinkRow, takeCode } from './queries.ts'
import { readCode } from './rules.ts'

/** Makes the actor a guardian of the student who gave the code. */
export async function redeemCode(tx: Tx, actor: Actor, typed: string): Promise<LinkRow> {
  const childId = await takeCode(tx, hashOf(readCode(typed)), actor.at)
  // Who gave the code may have become something else since, even the parent who redeems it.
  if (!childId || (await findRole(tx, childId)) !== 'student')
    throw refuse(codeInvalid, undefined, { errors: [{ path: '/code', message: 'does not work' }] })
  return linkChild(tx, actor, { parentId: actor.userId, childId })
}
