import { join } from 'node:path'
import { watchRevocations } from './modules/accounts/index.ts'
import type { Cache } from './platform/cache/cache.ts'
import { createMemoryCache } from './platform/cache/memory.ts'
import { type Clock, systemClock } from './platform/clock.ts'
import type { Config } from './platform/config.ts'
import { type Database, type Db, openDatabase } from './platform/database/database.ts'
import { type EmbeddedServer, openEmbedded } from './platform/database/embedded.ts'
import { openReplica, type Replica, withoutReplica } from './platform/database/replica.ts'
import { openSignals } from './platform/database/signals.ts'
import type { Deps } from './platform/deps.ts'
import { watchFacts } from './platform/events/fact-signals.ts'
import { createPages } from './platform/http/pages.ts'
import type { Log } from './platform/log.ts'
import { createMailbox } from './platform/mail/mailbox.ts'
import type { Mailer } from './platform/mail/mailer.ts'
import { createMetrics, type Metrics } from './platform/metrics.ts'
import { openModel } from './platform/model/open-model.ts'
import type { Family } from './platform/processes/family.ts'
import { openSockets } from './platform/realtime/open.ts'
import { openStorage } from './platform/storage/open.ts'
import { refusingFailures } from './platform/storage/store-failures.ts'

/** The real adapters, opened from the configuration. */
export interface Runtime {
  readonly deps: Deps
  readonly database: Database
  /** In the reverse order of opening. */
  close(): Promise<void>
}

/** The address of the database: the configured one, or an embedded server that is started for as long as it is used. */
export async function openServer(
  config: Config,
  log: Log,
  options: { exclusive: boolean },
): Promise<Pick<EmbeddedServer, 'url' | 'stop'>> {
  if (config.databaseUrl) return { url: config.databaseUrl, stop: async () => undefined }
  return openEmbedded({
    dataDir: config.dataFolder,
    log,
    exclusive: options.exclusive,
    // Nothing can be answered without it, and what was acknowledged is safe: end, so that whoever watches over us starts us anew.
    onFailure(error) {
      log.fatal({ err: error }, 'the embedded PostgreSQL cannot be brought back')
      process.exit(1)
    },
  })
}

/**
 * @param url of a migrated database
 * @param family where this is one of several processes on one port
 */
export async function openRuntime(
  config: Config,
  log: Log,
  url: string,
  family: Family | null = null,
): Promise<Runtime> {
  const clock = systemClock
  const metrics = createMetrics({ process: true, family })
  const database = openDatabase({
    url,
    size: config.databasePool,
    slowMs: config.slowStatementMs,
    log,
    onStatement: (_text, ms) => metrics.observeStatement(ms / 1_000),
  })
  metrics.watchConnections(database.pool)
  const { db, transact, connect } = database
  const replica = await openReplicaOf(config, { url, db }, metrics, log)
  const signals = await openSignals({ url, log, own: database })
  const facts = watchFacts({ database, signals, log })
  const revocations = await watchRevocations({
    signals,
    db,
    clock,
    lifetimeSeconds: config.accessTokenSeconds,
  })
  const cache = await openCache(config, log, clock)
  const pages = await createPages({ signals })
  const mailbox = config.smtpUrl
    ? null
    : await createMailbox({ folder: join(config.dataFolder, 'mail'), clock })
  const mailer = mailbox ?? (await openSmtp(config))
  const storage = await openStorage(config.stores.inUse, config, clock)
  if (!storage) throw new Error(`MEDIA_STORE=${config.stores.inUse} is not configured`)
  const sockets = await openSockets({ redisUrl: config.redisUrl, signals, transact, metrics, log })
  return {
    deps: {
      config,
      log,
      metrics,
      clock,
      db,
      transact,
      connect,
      replica,
      signals,
      facts,
      revocations,
      cache,
      pages,
      mailer,
      mailbox,
      storage: refusingFailures(storage, log),
      sockets,
      model: openModel(config.ai),
    },
    database,
    async close() {
      await sockets.close()
      await mailer.close()
      await cache.close()
      await signals.close()
      await replica.close()
      await database.close()
    },
  }
}

async function openReplicaOf(
  { databaseReplicaUrl: url, databasePool: size, slowStatementMs: slowMs }: Config,
  primary: { url: string; db: Db },
  metrics: Metrics,
  log: Log,
): Promise<Replica> {
  if (url === null) return withoutReplica(primary.db)
  const open = () =>
    openDatabase({
      url,
      size,
      slowMs,
      log,
      name: 'lectern replica',
      onStatement: (_text, ms) => metrics.observeStatement(ms / 1_000),
    })
  return openReplica({ url, primary, open, metrics, log })
}

// What a school does not use is not loaded: each of these libraries costs megabytes and a part of the start.

async function openCache(config: Config, log: Log, clock: Clock): Promise<Cache> {
  if (!config.redisUrl) return createMemoryCache({ clock, maxEntries: 100_000 })
  const { createRedisCache } = await import('./platform/cache/redis.ts')
  return createRedisCache({ url: config.redisUrl, prefix: 'lectern:', log })
}

async function openSmtp({ smtpUrl, mailFrom }: Config): Promise<Mailer> {
  const { createSmtpMailer } = await import('./platform/mail/smtp.ts')
  return createSmtpMailer({ url: smtpUrl ?? '', from: mailFrom })
}
