import { sql } from 'kysely'
import type { Actor } from '../../platform/actor.ts'
import { backupLock } from '../../platform/backup/snapshot.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { makeBackupJob } from './backup-jobs.ts'
import { backupRunning } from './errors.ts'
import { backupRequested } from './events.ts'

/** Queues a backup, unless one is being made; one that waits already is the one. */
export async function requestBackup(tx: Tx, actor: Actor): Promise<void> {
  const { rows } = await sql<{
    free: boolean
  }>`select pg_try_advisory_xact_lock(${backupLock}) as free`.execute(tx)
  if (!rows[0]?.free) throw refuse(backupRunning)
  await addJob(tx, makeBackupJob, { userId: actor.userId }, { key: makeBackupJob.name })
  await publish(tx, backupRequested, {}, actor)
}
