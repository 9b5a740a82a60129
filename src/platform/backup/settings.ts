import { join } from 'node:path'
import type { Faults, readers } from '../settings.ts'
import { type Keep, readKeep } from './retention.ts'
import { type BackupSettings, readTargetAddress } from './target.ts'

const keepSeven: Keep = { count: 7, days: null }

/**
 * Reads BACKUP_TARGET, BACKUP_KEEP and BACKUP_MEDIA. Without a target the embedded database is backed up beside its data; one that is
 * elsewhere is not, for this machine may be gone tomorrow.
 */
export function readBackupSettings(
  { optional, flag }: ReturnType<typeof readers>,
  faults: Faults,
  { embedded, dataFolder, hasS3 }: { embedded: boolean; dataFolder: string; hasS3: boolean },
): BackupSettings {
  const said = optional('BACKUP_TARGET')
  const target = said === null ? null : readTargetAddress(said)
  if (said !== null && target === null) faults.add('BACKUP_TARGET', 'must be a folder or s3://bucket/prefix')
  if (target?.kind === 's3' && !hasS3)
    faults.add('BACKUP_TARGET', 'of s3:// needs S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY')
  const saidKeep = optional('BACKUP_KEEP')
  const keep = saidKeep === null ? keepSeven : readKeep(saidKeep)
  if (keep === null)
    faults.add('BACKUP_KEEP', 'must be 7 (the newest), 30d (days) or 7,30d (what either keeps)')
  const standard = embedded ? { kind: 'folder' as const, folder: join(dataFolder, 'backups') } : null
  return {
    target: said === null ? standard : target,
    keep: keep ?? keepSeven,
    media: flag('BACKUP_MEDIA', false),
  }
}
