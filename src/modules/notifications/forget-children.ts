import type { Db, Tx } from '../../platform/database/database.ts'
import { findRole } from '../accounts/index.ts'
import { findChildren } from '../guardians/index.ts'
import { deleteChildNotifications } from './people-queries.ts'

/** Nothing stays of what somebody was told of children whom they look after no more, nor is anything of it mailed. */
export async function forgetChildren(tx: Tx, userId: string): Promise<void> {
  await deleteChildNotifications(tx, { userId, except: await findOwnChildren(tx, userId) })
}

/** The ids of the children of whom somebody may hear. */
export async function findOwnChildren(db: Db, userId: string): Promise<string[]> {
  const role = await findRole(db, userId)
  return role ? findChildren(db, { userId, role }) : []
}
