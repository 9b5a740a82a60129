import { Type } from 'typebox'
import { BackupError } from '../../platform/backup/backup-error.ts'
import { applyRetention, makeBackup } from '../../platform/backup/make-backup.ts'
import { openTarget } from '../../platform/backup/open-target.ts'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import { type Module, storageKeysOf } from '../../platform/module.ts'
import { backupNotConfigured } from './errors.ts'
import { recordBackup, recordFailure } from './record-backup.ts'

const attempts = 8

/** Tried for more than an hour; then the next day's is near. */
export const makeBackupJob = defineJob(
  'operations.make-backup',
  Type.Object({ userId: Type.Optional(Type.Union([Type.String(), Type.Null()])) }),
  attempts,
)

/** A night without a worker leaves no day without a backup. */
export const backupSchedules: Schedule[] = [
  {
    job: makeBackupJob,
    cron: '23 2 * * *',
    madeGoodWithinHours: 24,
    refusal: ({ backup }) => (backup.target ? null : backupNotConfigured),
  },
]

/** @param modules whose files in the media store a backup names */
export function backupJobs(modules: readonly Module[]): JobHandler[] {
  return [
    handle(makeBackupJob, async (deps, { userId = null }) => {
      const { config, clock, connect, transact, log, storage } = deps
      const { target: address, keep, media } = config.backup
      const cause = { userId, at: clock.now() }
      try {
        // One that was queued where there is a place, and is worked where there is none.
        if (!address) throw new BackupError(backupNotConfigured.title)
        const target = await openTarget(address, config)
        const made = await makeBackup({
          connect,
          target,
          at: cause.at,
          storageKeys: (db) => storageKeysOf(modules, db),
          storage: media ? storage : null,
          onProgress: () => undefined,
        })
        const removed = await applyRetention(target, keep, cause.at)
        await transact((tx) => recordBackup(tx, cause, { ...made, removed }))
        const { name, bytes, missingFiles } = made
        log.info({ name, bytes, removed, at: target.shown }, 'a backup was made')
        if (missingFiles.length > 0)
          log.error(
            { name, missing: missingFiles.length, first: missingFiles[0] },
            'the media store lacks files',
          )
      } catch (error) {
        log.error({ err: error }, 'a backup failed')
        const reason = error instanceof Error ? error.message : String(error)
        await transact((tx) => recordFailure(tx, cause, reason)).catch(() => undefined)
        throw error
      }
    }),
  ]
}
