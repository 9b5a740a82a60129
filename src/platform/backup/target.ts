import type { Readable } from 'node:stream'
import type { Keep } from './retention.ts'

/** Where backups are kept. */
export interface BackupTarget {
  /** For people: the folder, or `s3://bucket/prefix`. */
  readonly shown: string
  /** Keeps all of it under the name, or nothing: nobody sees a half of it. */
  put(name: string, source: Readable): Promise<{ bytes: number }>
  /** Null where there is none of this name. */
  open(name: string): Promise<Readable | null>
  list(): Promise<{ name: string; bytes: number }[]>
  delete(name: string): Promise<void>
}

export type TargetAddress =
  | { readonly kind: 'folder'; readonly folder: string }
  /** The prefix has no slash at either end. */
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string }

/** As BACKUP_TARGET, BACKUP_KEEP and BACKUP_MEDIA say it. */
export interface BackupSettings {
  /** Null: no backups are made by themselves. */
  readonly target: TargetAddress | null
  readonly keep: Keep
  /** Whether backups hold the files of the media store, not only their names. */
  readonly media: boolean
}

/** Reads a folder or `s3://bucket/prefix`. @returns null where it is neither */
export function readTargetAddress(said: string): TargetAddress | null {
  if (!said.includes('://')) return { kind: 'folder', folder: said }
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(said)
  if (!match?.[1]) return null
  return { kind: 's3', bucket: match[1], prefix: (match[2] ?? '').replaceAll(/^\/+|\/+$/g, '') }
}
