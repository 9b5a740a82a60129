import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { deleteNotificationsAbout } from './people-queries.ts'
import { deleteOldNotifications } from './queries.ts'
import { outdatedAt } from './rules.ts'

const atOnce = 5_000

/** Deletes some of what is too old to be asked for. @returns whether there may be more */
export async function cleanUpNotifications(tx: Tx, { at }: Cause): Promise<boolean> {
  return (await deleteOldNotifications(tx, { ...outdatedAt(at), limit: atOnce })) >= atOnce
}

/** Deletes some of what others were told of somebody who is gone: their name is in it. @returns whether there may be more */
export async function forgetSome(tx: Tx, userId: string): Promise<boolean> {
  return (await deleteNotificationsAbout(tx, { userId, limit: atOnce })) >= atOnce
}
