import { recordRestore } from '../modules/operations/index.ts'
import { locateBackup } from '../platform/backup/open-target.ts'
import { newestOf, requireUsable, restoreBackup } from '../platform/backup/restore.ts'
import { openDatabase } from '../platform/database/database.ts'
import { openStorage } from '../platform/storage/open.ts'
import { openServer } from '../runtime.ts'
import { showProgress } from './backup-progress.ts'
import type { Command } from './command.ts'

export const restoreCommand: Command = {
  name: 'restore',
  usage: 'FILE',
  summary: 'Restore a backup, a path or s3://…, into an empty database, and bring it to the newest migration',
  positionals: ['FILE'],
  withoutSecrets: true,
  async run({ config, log, positionals, output }) {
    const { open, name } = await locateBackup(positionals[0] ?? '', config)
    // Before a server is started, or even made: what is wrong with the file changes nothing.
    output.progress('Checking the file …')
    const { manifest } = await requireUsable(open)
    const at = new Date()
    const server = await openServer(config, log, { exclusive: true })
    try {
      const { url } = server
      const storage = await openStorage(config.stores.inUse, config, { now: () => at })
      const onProgress = showProgress(output, 'Restoring')
      const restored = await restoreBackup({ url, log, open, storage, migrateOn: true, onProgress })
      const { header, tables, rows, files, migrated } = restored
      const { createdAt, migrations } = header
      const database = openDatabase({ url, size: 1, slowMs: Number.POSITIVE_INFINITY, log })
      await database
        .transact((tx) => recordRestore(tx, { userId: null, at }, { name, createdAt }))
        .finally(() => database.close())
      const lines = [
        `Restored the school of ${createdAt}: ${tables} tables with ${rows} rows.`,
        files > 0
          ? `${files} files went into the media store.`
          : `It names ${manifest} files of the media store, which are not in the backup.`,
        ...(migrated.length > 0 ? [`Then applied ${migrated.join(', ')}.`] : []),
      ]
      const migration = newestOf(migrations)
      output.result(lines.join('\n'), { name, createdAt, migration, tables, rows, files, manifest, migrated })
    } finally {
      await server.stop()
    }
  },
}
