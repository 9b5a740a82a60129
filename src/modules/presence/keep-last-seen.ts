import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { findRoles } from '../accounts/index.ts'
import { upsertLastSeen } from './queries.ts'

/** Keeps when people were last online. Who is deleted goes offline by that, and leaves nothing here. */
export async function keepLastSeen(tx: Tx, cause: Cause, userIds: readonly string[]): Promise<void> {
  const there = await findRoles(tx, userIds)
  await upsertLastSeen(tx, [...there.keys()], cause.at)
}
