import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runOnce, type TaskList } from 'graphile-worker'
import pg from 'pg'
import { inject, vi } from 'vitest'
import { backgroundWork, buildApp } from '../../src/app.ts'
import { watchRevocations } from '../../src/modules/accounts/index.ts'
import { createMemoryCache } from '../../src/platform/cache/memory.ts'
import { type Config, readConfig } from '../../src/platform/config.ts'
import { type Database, openDatabase } from '../../src/platform/database/database.ts'
import { usualPatience } from '../../src/platform/database/patience.ts'
import { withoutReplica } from '../../src/platform/database/replica.ts'
import { openSignals } from '../../src/platform/database/signals.ts'
import type { Deps } from '../../src/platform/deps.ts'
import { watchFacts } from '../../src/platform/events/fact-signals.ts'
import { handOnWaiting } from '../../src/platform/events/hand-on.ts'
import type { App } from '../../src/platform/http/app.ts'
import { createPages } from '../../src/platform/http/pages.ts'
import { newId } from '../../src/platform/ids.ts'
import { quietLogger } from '../../src/platform/jobs/logger.ts'
import { taskList } from '../../src/platform/jobs/worker.ts'
import { createLog, type Log } from '../../src/platform/log.ts'
import type { Mail } from '../../src/platform/mail/mailer.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import type { Model } from '../../src/platform/model/model.ts'
import { openModel } from '../../src/platform/model/open-model.ts'
import { createSignalFanout } from '../../src/platform/realtime/fanout.ts'
import { createMemoryRoster } from '../../src/platform/realtime/roster.ts'
import { createSockets } from '../../src/platform/realtime/sockets.ts'
import { createLocalStorage } from '../../src/platform/storage/local.ts'
import { refusingFailures } from '../../src/platform/storage/store-failures.ts'
import { type TestClock, testClock } from './clock.ts'
import { connectDevice, type Device } from './device.ts'
import { type Client, httpClient } from './http.ts'
import { databaseUrl } from './postgres.ts'

/** A whole school of its own: database, server, clock, mail. Nothing is shared with another test file. */
export interface World {
  readonly deps: Deps
  readonly app: App
  readonly url: string
  readonly databaseUrl: string
  readonly database: Database
  readonly clock: TestClock
  /** Every mail that was sent, in order. */
  readonly mails: readonly Mail[]
  /** The texts of the SQL statements since the last `statements.length = 0`. */
  readonly statements: string[]
  /** Nobody in particular; `client.as(token)` is somebody. */
  readonly client: Client
  /** A device of whoever the token is of; rejects with what `connect_error` says. */
  connect(token: string | undefined): Promise<Device>
  /** Runs the jobs that are due by the world's clock, and those they queue, until none is left. */
  drain(): Promise<void>
  close(): Promise<void>
}

/** Short, so that tests that wait for it are; longer than a connection takes to be made anew. */
const offlineAfterMs = 1_000

// A machine that is busy with other tests is not overloaded by this one.
const patience = { ...usualPatience, connectionMs: 30_000, queueMs: 30_000, lockMs: 30_000 }

/** @param options.env more of the environment that the configuration is read from */
export async function createWorld(
  options: { config?: Partial<Config>; env?: Record<string, string>; model?: Model } = {},
): Promise<World> {
  const server = inject('postgresUrl')
  const name = `world_${newId().replaceAll('-', '')}`
  await onServer(server, `create database ${name} template lectern_template`)
  const folder = await mkdtemp(join(tmpdir(), 'lectern-world-'))
  const url = databaseUrl(server, name)
  const log = createLog(process.env.TEST_LOG ?? 'silent')
  const clock = testClock()
  const statements: string[] = []
  const mails: Mail[] = []
  const config: Config = {
    ...readConfig({
      LECTERN_DATA: folder,
      DATABASE_URL: url,
      RATE_LIMITS: 'off',
      PUBLIC_URL: 'http://lectern.test',
      BACKUP_TARGET: join(folder, 'backups'),
      ...options.env,
    }),
    passwordCost: 4,
    ...options.config,
  }
  const database = openDatabase({
    url,
    size: 20,
    slowMs: 60_000,
    log,
    onStatement: (text) => statements.push(text),
    patience,
  })
  const signals = await openSignals({ url, log, own: database })
  const facts = watchFacts({ database, signals, log })
  const revocations = await watchRevocations({
    signals,
    db: database.db,
    clock,
    lifetimeSeconds: config.accessTokenSeconds,
  })
  const metrics = createMetrics({ process: false })
  const { db, transact, connect } = database
  const sockets = createSockets({
    fanout: createSignalFanout({ signals, transact, log }),
    roster: createMemoryRoster(),
    metrics,
    log,
    offlineAfterMs,
  })
  const deps: Deps = {
    config,
    log,
    metrics,
    clock,
    db,
    transact,
    connect,
    replica: withoutReplica(db),
    signals,
    facts,
    revocations,
    cache: createMemoryCache({ clock, maxEntries: 10_000 }),
    pages: await createPages({ signals }),
    mailer: { send: async (mail) => void mails.push(mail), close: async () => undefined },
    mailbox: null,
    storage: refusingFailures(await createLocalStorage({ folder: join(folder, 'media'), clock }), log),
    sockets,
    model: options.model ?? openModel(config.ai),
  }
  const app = await buildApp(deps)
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const { handlers, subscribers } = backgroundWork()
  const tasks = taskList(deps, handlers)
  const devices: Device[] = []

  return {
    deps,
    app,
    url: address,
    databaseUrl: url,
    database,
    clock,
    mails,
    statements,
    client: httpClient(address),
    async connect(token) {
      const device = await connectDevice(address, token)
      devices.push(device)
      return device
    },
    async drain() {
      await makeDue(database.pool, clock.now())
      do {
        await handOnWaiting(transact, subscribers)
        await workQueue(database.pool, tasks, log)
      } while (await hasWaiting(database.pool))
    },
    async close() {
      for (const device of devices) device.close()
      await app.close()
      await signals.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
      await onServer(server, `drop database ${name} with (force)`)
    },
  }
}

/** Runs what is due, and what that queues, until nothing is. */
export async function workQueue(pool: pg.Pool, tasks: TaskList, log: Log): Promise<void> {
  await runOnce({ pgPool: pool, taskList: tasks, noHandleSignals: true, logger: quietLogger(log) })
  // The runner resolves before the last failure is written down.
  await vi.waitFor(async () => {
    const { rows } = await pool.query(
      'select 1 from graphile_worker._private_jobs where locked_by is not null',
    )
    if (rows.length > 0) throw new Error('a job is still locked')
  }, 10_000)
}

async function hasWaiting(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query('select from waiting_events limit 1')
  return rows.length > 0
}

/** The queue goes by the database's clock, the world by its own: what is due here is made due there. */
async function makeDue(pool: pg.Pool, now: Date): Promise<void> {
  await pool.query(
    `update graphile_worker._private_jobs set run_at = least(run_at, now())
     where run_at <= $1 and attempts < max_attempts`,
    [now],
  )
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
