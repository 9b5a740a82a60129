import { basename, dirname } from 'node:path'
import type { Config } from '../config.ts'
import { BackupError } from './backup-error.ts'
import { createFolderTarget } from './folder-target.ts'
import type { OpenSource } from './read-backup.ts'
import { type BackupTarget, readTargetAddress, type TargetAddress } from './target.ts'

/** The library of S3 is loaded only where it is used. */
export async function openTarget(
  address: TargetAddress,
  { stores }: Pick<Config, 'stores'>,
): Promise<BackupTarget> {
  if (address.kind === 'folder') return createFolderTarget(address.folder)
  if (!stores.s3) {
    throw new BackupError(
      'For s3:// S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY and S3_BUCKET have to be set, and S3_ENDPOINT where it is not Amazon.',
    )
  }
  const { createS3Target } = await import('./s3-target.ts')
  return createS3Target({ ...stores.s3, bucket: address.bucket, prefix: address.prefix })
}

/**
 * A single file: a path, or `s3://bucket/prefix/name`.
 * @returns where it lies, and under which name
 */
export async function locateBackup(
  file: string,
  config: Pick<Config, 'stores'>,
): Promise<{ target: BackupTarget; name: string; open: OpenSource }> {
  const address = readTargetAddress(file)
  if (!address) throw new BackupError(`"${file}" is neither a path nor s3://bucket/prefix/name.`)
  const path = address.kind === 'folder' ? address.folder : address.prefix
  const folder = dirname(path)
  const above: TargetAddress =
    address.kind === 'folder'
      ? { kind: 'folder', folder }
      : { ...address, prefix: folder === '.' ? '' : folder }
  const target = await openTarget(above, config)
  const name = basename(path)
  return {
    target,
    name,
    async open() {
      const source = await target.open(name)
      if (!source) throw new BackupError(`There is no file ${file}.`)
      return source
    },
  }
}
