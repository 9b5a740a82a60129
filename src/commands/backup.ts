import { Readable } from 'node:stream'
import { recordBackup, recordVerification } from '../modules/operations/index.ts'
import { modules } from '../modules.ts'
import { applyRetention, makeBackup } from '../platform/backup/make-backup.ts'
import { readBackupName, verifiedEnding } from '../platform/backup/names.ts'
import { locateBackup, openTarget } from '../platform/backup/open-target.ts'
import { newestOf } from '../platform/backup/restore.ts'
import { verifyBackup } from '../platform/backup/verify.ts'
import { hasEmbedded } from '../platform/database/embedded.ts'
import { storageKeysOf } from '../platform/module.ts'
import { openStorage } from '../platform/storage/open.ts'
import { showProgress } from './backup-progress.ts'
import { type Call, type Command, CommandError } from './command.ts'
import { withDatabase } from './with-database.ts'

export const backupCommand: Command = {
  name: 'backup',
  usage: '[--media] [--verify FILE]',
  summary:
    'Write a backup to BACKUP_TARGET; --media: with the uploaded files; --verify: restore FILE, a path or s3://…, for trial and compare',
  options: { media: { type: 'boolean' }, verify: { type: 'string' } },
  positionals: [],
  withoutSecrets: true,
  async run(call) {
    const file = call.values.verify
    if (typeof file === 'string') await verify(call, file)
    else await make(call)
  },
}

async function make(call: Call): Promise<void> {
  const { config, output, values } = call
  const { target: address, keep, media } = config.backup
  if (!address) throw new CommandError('Say where backups go: BACKUP_TARGET=folder or s3://bucket/prefix.')
  if (config.databaseUrl === null && !(await hasEmbedded(config.dataFolder)))
    throw new CommandError(
      `There is no school in ${config.dataFolder} yet: set LECTERN_DATA to the folder of one, or DATABASE_URL to its database.`,
    )
  const target = await openTarget(address, config)
  const cause = { userId: null, at: new Date() }
  await withDatabase(call, async ({ connect, transact }) => {
    const storage =
      media || values.media === true
        ? await openStorage(config.stores.inUse, config, { now: () => cause.at })
        : null
    const made = await makeBackup({
      connect,
      target,
      at: cause.at,
      storageKeys: (db) => storageKeysOf(modules, db),
      storage,
      onProgress: showProgress(output, 'Reading'),
    })
    const removed = await applyRetention(target, keep, cause.at)
    await transact((tx) => recordBackup(tx, cause, { ...made, removed }))
    const { name, createdAt, bytes, migration, missingFiles } = made
    const lines = [
      `Wrote ${name} (${(bytes / 1_000_000).toFixed(1)} MB) to ${target.shown}, and read it back.`,
      ...(removed.length > 0 ? [`Removed ${removed.length} older.`] : []),
      ...missingFiles.map((key) => `The media store lacks ${key}.`),
    ]
    output.result(lines.join('\n'), {
      name,
      createdAt,
      bytes,
      migration,
      target: target.shown,
      removed,
      missingFiles,
    })
  })
}

async function verify(call: Call, file: string): Promise<void> {
  const { config, log, output } = call
  const { open, target, name } = await locateBackup(file, config)
  const cause = { userId: null, at: new Date() }
  await withDatabase(call, async ({ url, transact }) => {
    const { signal, release } = untilBrokenOff()
    const verified = await verifyBackup({
      url,
      log,
      open,
      at: cause.at,
      signal,
      onProgress: showProgress(output, 'Restoring for trial'),
    })
      .catch((error) => {
        throw signal.aborted ? signal.reason : error
      })
      .finally(release)
    const { header, tables, rows, files, different } = verified
    if (different.length > 0)
      throw new CommandError(`The backup is not what it says: ${different.join(', ')} came out otherwise.`)
    if (readBackupName(name)) {
      const mark = Readable.from([Buffer.from(`${JSON.stringify({ verifiedAt: cause.at })}\n`)])
      await target
        .put(`${name}${verifiedEnding}`, mark)
        .catch((error) => log.warn({ err: error }, 'cannot note it'))
    }
    await transact((tx) => recordVerification(tx, cause, name)).catch(() =>
      log.warn('there is no school in this database to note it in'),
    )
    output.result(
      `${name} is good: ${tables} tables with ${rows} rows and ${files} files are what they were at ${header.createdAt}.`,
      {
        name,
        createdAt: header.createdAt,
        migration: newestOf(header.migrations),
        tables,
        rows,
        files,
        equal: true,
      },
    )
  })
}

/** Ctrl-C, or SIGTERM, once: the work cleans up after itself. A second one ends the process at once. */
function untilBrokenOff(): { signal: AbortSignal; release(): void } {
  const breaking = new AbortController()
  const stop = () => breaking.abort(new CommandError('Broken off: the scratch database is dropped.'))
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, stop)
  return {
    signal: breaking.signal,
    release() {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop)
    },
  }
}
