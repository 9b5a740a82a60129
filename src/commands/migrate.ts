import { migrate } from '../platform/database/migrate.ts'
import { openServer } from '../runtime.ts'
import type { Command } from './command.ts'

export const migrateCommand: Command = {
  name: 'migrate',
  usage: '',
  summary: 'Bring the database to the newest migration',
  positionals: [],
  async run({ config, log, output }) {
    const server = await openServer(config, log, { exclusive: false })
    try {
      const applied = await migrate({ url: server.url, log })
      const text = applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`
      output.result(text, { applied })
    } finally {
      await server.stop()
    }
  },
}
