import { type Database, openDatabase } from '../platform/database/database.ts'
import { openServer } from '../runtime.ts'
import type { Call } from './command.ts'

/** Works on the database as it is: nothing is migrated, nothing listens. A server that runs on it goes on beside it. */
export async function withDatabase<T>(
  { config, log }: Call,
  work: (database: Database & { readonly url: string }) => Promise<T>,
): Promise<T> {
  const server = await openServer(config, log, { exclusive: false })
  try {
    const { url } = server
    const database = openDatabase({ url, size: 2, slowMs: Number.POSITIVE_INFINITY, log })
    try {
      return await work({ ...database, url })
    } finally {
      await database.close()
    }
  } finally {
    await server.stop()
  }
}
