import { findProven, type ListedBackup, listBackups } from '../backup/make-backup.ts'
import type { BackupName } from '../backup/names.ts'
import { openTarget } from '../backup/open-target.ts'
import { type Check, failure, ok, reasonOf, warning } from './check.ts'

const hourMs = 3_600_000
/** One is made every day. */
const lateMs = 26 * hourMs
const missedMs = 50 * hourMs
const provenWithinMs = 35 * 24 * hourMs

export const backupsCheck: Check = {
  name: 'backups',
  async run({ config, clock }) {
    const { target: address } = config.backup
    if (!address)
      return warning(
        'None are made.',
        'Set BACKUP_TARGET to a folder of another machine, or s3://bucket/prefix.',
      )
    try {
      const target = await openTarget(address, config)
      const [backups, proven] = [await listBackups(target), await findProven(target)]
      return judgeBackups({ backups, proven, shown: target.shown }, clock.now())
    } catch (error) {
      return failure(
        `The place of the backups cannot be read: ${reasonOf(error)}.`,
        'Check BACKUP_TARGET and the rights on it.',
      )
    }
  },
}

/** @param found.backups newest first */
function judgeBackups(
  found: { backups: readonly ListedBackup[]; proven: BackupName | null; shown: string },
  at: Date,
) {
  const { backups, proven, shown } = found
  const ageMs = (backup: BackupName) => at.getTime() - backup.createdAt.getTime()
  const [newest] = backups
  if (!newest)
    return warning(
      `There is none in ${shown}.`,
      'Make one: lectern backup; see that a worker runs, for the daily ones.',
    )
  const age = `The newest in ${shown} is ${Math.floor(ageMs(newest) / hourMs)} hours old`
  const todo = 'Make one now (lectern backup), and look for "a backup failed" in the log of the worker.'
  if (ageMs(newest) > missedMs) return failure(`${age}.`, todo)
  if (ageMs(newest) > lateMs) return warning(`${age}.`, todo)
  if (!proven || ageMs(proven) > provenWithinMs)
    return warning(
      `${age}; none of the last month was restored for trial.`,
      'Prove one: lectern backup --verify FILE.',
    )
  return ok(`${age}; the one of ${proven.createdAt.toISOString()} was restored for trial.`)
}
