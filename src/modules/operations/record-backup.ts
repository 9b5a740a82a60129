import type { Cause } from '../../platform/actor.ts'
import type { MadeBackup } from '../../platform/backup/make-backup.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { backupFailed, backupMade, backupRestored, backupVerified } from './events.ts'

export async function recordBackup(
  tx: Tx,
  cause: Cause,
  {
    name,
    migration,
    bytes,
    removed,
  }: Pick<MadeBackup, 'name' | 'migration' | 'bytes'> & { removed: string[] },
): Promise<void> {
  await publish(tx, backupMade, { name, migration, bytes, removed }, cause)
}

export async function recordFailure(tx: Tx, cause: Cause, reason: string): Promise<void> {
  await publish(tx, backupFailed, { reason }, cause)
}

export async function recordVerification(tx: Tx, cause: Cause, name: string): Promise<void> {
  await publish(tx, backupVerified, { name }, cause)
}

export async function recordRestore(
  tx: Tx,
  cause: Cause,
  restored: { name: string; createdAt: string },
): Promise<void> {
  await publish(tx, backupRestored, restored, cause)
}
