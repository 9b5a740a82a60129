/** What the name of a backup's file says; it is the same in its header. */
export interface BackupName {
  readonly name: string
  readonly createdAt: Date
  /** The newest one it has. */
  readonly migration: string
}

const ending = '.backup.zst'
/** Beside a backup that was restored for trial and found equal. */
export const verifiedEnding = '.verified'
const shape = /^lectern-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(\d{3})-([a-z0-9_]{1,100})[.]backup[.]zst$/

/** `lectern-20260131-235959123-0050_catalogue.backup.zst`: names sort as their times do. */
export function nameBackup(createdAt: Date, migration: string): string {
  const digits = createdAt.toISOString().replaceAll(/\D/g, '')
  return `lectern-${digits.slice(0, 8)}-${digits.slice(8)}-${migration}${ending}`
}

/** The backup that a mark is of, whether it is kept or not; null for the name of anything else. */
export function readMarkName(name: string): BackupName | null {
  return name.endsWith(verifiedEnding) ? readBackupName(name.slice(0, -verifiedEnding.length)) : null
}

/** Null for the name of anything else. */
export function readBackupName(name: string): BackupName | null {
  const match = shape.exec(name)
  if (!match) return null
  const [, year, month, day, hour, minute, second, millisecond, migration = ''] = match
  const createdAt = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`)
  return Number.isNaN(createdAt.getTime()) ? null : { name, createdAt, migration }
}
