import { sql } from 'kysely'
import type { Actor } from '../../platform/actor.ts'
import { backupLock } from '../../platform/backup/snapshot.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { queueScheduled } from '../../platform/jobs/schedules.ts'
import { makeBackupJob } from './backup-jobs.ts'
import { backupRunning } from './errors.ts'
import { backupRequested } from './events.ts'

/** Queues a backup, unless one is being made; one that waits already is the one. */
export async function requestBackup(tx: Tx, actor: Actor): Promise<void> {
  const { rows } = await sql<{
    free: boolean
  }>`select pg_try_advisory_xact_lock(${backupLock}) as free`.execute(tx)
  if (!rows[0]?.free) throw refuse(backupRunning)
  await queueScheduled(tx, makeBackupJob, { userId: actor.userId })
  await publish(tx, backupRequested, {}, actor)
}
