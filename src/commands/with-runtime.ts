import { migrate } from '../platform/database/migrate.ts'
import { openRuntime, openServer, type Runtime } from '../runtime.ts'
import type { Call } from './command.ts'

/** Runs short work on the migrated database; a server that runs on the same data goes on beside it. */
export async function withRuntime<T>(
  { config, log }: Call,
  work: (runtime: Runtime) => Promise<T>,
): Promise<T> {
  const server = await openServer(config, log, { exclusive: false })
  try {
    await migrate({ url: server.url, log })
    const runtime = await openRuntime(config, log, server.url)
    try {
      return await work(runtime)
    } finally {
      await runtime.close()
    }
  } finally {
    await server.stop()
  }
}
