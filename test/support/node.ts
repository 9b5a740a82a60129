import { buildApp } from '../../src/app.ts'
import { watchRevocations } from '../../src/modules/accounts/index.ts'
import { createMemoryCache } from '../../src/platform/cache/memory.ts'
import type { Config } from '../../src/platform/config.ts'
import { openDatabase } from '../../src/platform/database/database.ts'
import { withoutReplica } from '../../src/platform/database/replica.ts'
import { openSignals } from '../../src/platform/database/signals.ts'
import type { Deps } from '../../src/platform/deps.ts'
import { createPages } from '../../src/platform/http/pages.ts'
import { createSignalFanout } from '../../src/platform/realtime/fanout.ts'
import { createMemoryRoster } from '../../src/platform/realtime/roster.ts'
import { createSockets } from '../../src/platform/realtime/sockets.ts'
import { type Client, httpClient } from './http.ts'
import type { World } from './world.ts'

/** Another process of the same school. */
export interface Node {
  readonly deps: Deps
  readonly client: Client
  /** The texts of its SQL statements. */
  readonly statements: readonly string[]
  close(): Promise<void>
}

/** Opens a second node over a world's database: its memory, connections and signals are its own, as after a restart. */
export async function openNode(world: World, options: { config?: Partial<Config> } = {}): Promise<Node> {
  const { databaseUrl: url, clock } = world
  const { log } = world.deps
  const config = { ...world.deps.config, ...options.config }
  const statements: string[] = []
  const onStatement = (text: string) => void statements.push(text)
  const database = openDatabase({ url, size: 5, slowMs: 60_000, log, onStatement })
  const { db, transact, close } = database
  const signals = await openSignals({ url, log, own: database })
  const lifetimeSeconds = config.accessTokenSeconds
  const revocations = await watchRevocations({ signals, db, clock, lifetimeSeconds })
  const cache = createMemoryCache({ clock, maxEntries: 10_000 })
  const pages = await createPages({ signals })
  const sockets = createSockets({
    fanout: createSignalFanout({ signals, transact, log }),
    roster: createMemoryRoster(),
    metrics: world.deps.metrics,
    log,
    offlineAfterMs: 1_000,
  })
  const deps: Deps = {
    ...world.deps,
    config,
    db,
    replica: withoutReplica(db),
    transact,
    signals,
    revocations,
    cache,
    pages,
    sockets,
  }
  const app = await buildApp(deps)
  const client = httpClient(await app.listen({ host: '127.0.0.1', port: 0 }))
  return {
    deps,
    client,
    statements,
    async close() {
      await app.close()
      await signals.close()
      await close()
    },
  }
}
