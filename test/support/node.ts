import { buildApp } from '../../src/app.ts'
import { watchRevocations } from '../../src/modules/accounts/index.ts'
import { createMemoryCache } from '../../src/platform/cache/memory.ts'
import type { Config } from '../../src/platform/config.ts'
import { type Database, openDatabase } from '../../src/platform/database/database.ts'
import { type Patience, usualPatience } from '../../src/platform/database/patience.ts'
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
  readonly database: Database
  readonly url: string
  readonly client: Client
  /** The texts of its SQL statements. */
  readonly statements: readonly string[]
  close(): Promise<void>
}

/**
 * Opens a second node over a world's database: its memory, connections and signals are its own, as after a restart.
 * @param options.connections how many it has
 * @param options.patience what it waits for the database otherwise than usual
 * @param options.databaseUrl another way to the same database
 */
export async function openNode(
  world: World,
  options: {
    config?: Partial<Config>
    connections?: number
    patience?: Partial<Patience>
    databaseUrl?: string
  } = {},
): Promise<Node> {
  const { clock } = world
  const url = options.databaseUrl ?? world.databaseUrl
  const { log } = world.deps
  const config = { ...world.deps.config, ...options.config }
  const statements: string[] = []
  const onStatement = (text: string) => void statements.push(text)
  const patience = { ...usualPatience, ...options.patience }
  const size = options.connections ?? 5
  const database = openDatabase({ url, size, slowMs: 60_000, log, onStatement, patience })
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
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    deps,
    statements,
    database,
    url: address,
    client: httpClient(address),
    async close() {
      await app.close()
      await signals.close()
      await close()
    },
  }
}
