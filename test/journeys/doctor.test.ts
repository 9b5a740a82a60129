import { once } from 'node:events'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { backgroundWork } from '../../src/app.ts'
import { modules } from '../../src/modules.ts'
import { createFolderTarget } from '../../src/platform/backup/folder-target.ts'
import { applyRetention } from '../../src/platform/backup/make-backup.ts'
import { nameBackup, verifiedEnding } from '../../src/platform/backup/names.ts'
import { type Clock, systemClock } from '../../src/platform/clock.ts'
import { readConfig } from '../../src/platform/config.ts'
import { openDatabase } from '../../src/platform/database/database.ts'
import { type Examined, examine } from '../../src/platform/doctor/check.ts'
import { judgeDisk, judgeNode } from '../../src/platform/doctor/machine-checks.ts'
import { platformChecks } from '../../src/platform/doctor/platform-checks.ts'
import { startWorker } from '../../src/platform/jobs/worker.ts'
import { createDatabases, type Databases } from '../support/databases.ts'
import { type FakeRazorpay, openFakeRazorpay } from '../support/fake-razorpay.ts'
import { type FakeStripe, openFakeStripe } from '../support/fake-stripe.ts'
import { type MailServer, openMailServer } from '../support/mail-server.ts'
import { type ModelServer, openModelServer } from '../support/model-server.ts'
import { redisInstalled, redisMissing, startRedis } from '../support/redis.ts'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { runLectern } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

const hourMs = 3_600_000
let world: World
let databases: Databases
let s3: S3Server
let stripe: FakeStripe
let razorpay: FakeRazorpay
let mailServer: MailServer
let model: ModelServer
let env: Record<string, string>
beforeAll(async () => {
  world = await createWorld()
  databases = createDatabases()
  s3 = await startS3Server()
  stripe = await openFakeStripe()
  razorpay = await openFakeRazorpay()
  mailServer = await openMailServer()
  model = await openModelServer()
  env = {
    LECTERN_DATA: world.deps.config.dataFolder,
    DATABASE_URL: world.databaseUrl,
    BACKUP_TARGET: await backupsOf(2 * hourMs),
    MEDIA_STORE: 's3',
    S3_ENDPOINT: s3.endpoint,
    S3_BUCKET: s3.bucket,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    SMTP_URL: mailServer.url,
    ...model.env,
    MAIL_FROM: 'School <no-reply@school.example>',
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
    STRIPE_API_BASE: stripe.url,
    RAZORPAY_KEY_ID: razorpay.keyId,
    RAZORPAY_KEY_SECRET: razorpay.keySecret,
    RAZORPAY_WEBHOOK_SECRET: razorpay.webhookSecret,
    RAZORPAY_API_BASE: razorpay.url,
  }
}, 120_000)
afterAll(async () => {
  await Promise.all([
    mailServer.close(),
    model.close(),
    s3.close(),
    stripe.close(),
    razorpay.close(),
    databases.drop(),
  ])
  await world.close()
})

/** What the doctor finds, by the name of the check. */
async function look(
  change: Record<string, string> = {},
  clock: Clock = systemClock,
): Promise<Map<string, Examined>> {
  const config = readConfig({ ...env, ...change })
  const checks = [...platformChecks, ...modules.flatMap((module) => module.checks ?? [])]
  const database = openDatabase({
    url: config.databaseUrl ?? '',
    size: 4,
    slowMs: Number.POSITIVE_INFINITY,
    log: world.deps.log,
  })
  try {
    const found = await examine(checks, { config, clock, database })
    return new Map(found.map((finding) => [finding.check, finding]))
  } finally {
    await database.close()
  }
}

/** A folder with one backup of that age. */
async function backupsOf(ageMs: number, verified: 'verified' | 'not verified' = 'verified'): Promise<string> {
  const folder = join(world.deps.config.dataFolder, `backups-${ageMs}-${verified.replace(' ', '-')}`)
  await mkdir(folder, { recursive: true })
  const name = nameBackup(new Date(Date.now() - ageMs), '0001_platform')
  await writeFile(join(folder, name), 'a backup')
  if (verified === 'verified') await writeFile(join(folder, `${name}${verifiedEnding}`), '{}')
  return folder
}

const states = (found: Map<string, Examined>) =>
  Object.fromEntries([...found].map(([name, { state }]) => [name, state]))

describe('the doctor', { timeout: 60_000 }, () => {
  it('finds nothing wrong with a school that has all it needs, and leaves nothing behind', async () => {
    const work = await startWorker(world.deps, backgroundWork(), { url: world.databaseUrl, concurrency: 1 })
    const found = await look().finally(() => work.stop())
    expect([...found.values()].filter(({ state }) => state !== 'ok')).toEqual([])
    expect(states(found)).toMatchObject({
      migrations: 'ok',
      'media store': 'ok',
      stripe: 'ok',
      razorpay: 'ok',
      worker: 'ok',
      assistant: 'ok',
    })
    const left = await look({ MEDIA_STORE: 'local' })
    expect(left.get('media store')).toMatchObject({ state: 'ok' })
    const media = join(world.deps.config.dataFolder, 'media')
    expect((await readdir(media)).filter((name) => name.startsWith('doctor'))).toEqual([])
  })

  it.each<[what: string, check: string, state: string, said: RegExp, change: Record<string, string>]>([
    [
      'a Redis that is not there',
      'redis',
      'failure',
      /redis:\/\/127\.0\.0\.1:1 .*ECONNREFUSED/,
      { REDIS_URL: 'redis://:secret@127.0.0.1:1' },
    ],
    [
      'a mail server that is not there',
      'mail',
      'failure',
      /127\.0\.0\.1:1.*ECONNREFUSED/,
      { SMTP_URL: 'smtp://127.0.0.1:1' },
    ],
    [
      'keys that Stripe refuses',
      'stripe',
      'failure',
      /refuses the keys/,
      { STRIPE_SECRET_KEY: 'sk_test_other' },
    ],
    [
      'keys that Razorpay refuses',
      'razorpay',
      'failure',
      /refuses the keys/,
      { RAZORPAY_KEY_SECRET: 'another' },
    ],
    [
      'a gateway that is not there',
      'stripe',
      'failure',
      /does not answer/,
      { STRIPE_API_BASE: 'http://127.0.0.1:1' },
    ],
    [
      'keys of the bucket that are wrong',
      'media store',
      'failure',
      /s3 failed: .*key/,
      { S3_SECRET_ACCESS_KEY: 'wrong' },
    ],
    [
      'more connections than the server takes',
      'connections',
      'failure',
      /opens up to 1017/,
      { DATABASE_POOL: '1000' },
    ],
    [
      'a language model that is not there',
      'assistant',
      'failure',
      /127\.0\.0\.1:2.*ECONNREFUSED/,
      { AI_BASE_URL: 'http://127.0.0.1:2/v1' },
    ],
    [
      'a key that the language model does not take',
      'assistant',
      'failure',
      /does not take the key \(401\)/,
      { AI_API_KEY: 'sk-secret@another' },
    ],
    [
      'a language model of another name',
      'assistant',
      'warning',
      /does not list tutor-9/,
      { AI_MODEL: 'tutor-9' },
    ],
    ['no backups', 'backups', 'warning', /None are made/, { BACKUP_TARGET: '' }],
    ['a worker that nobody runs', 'worker', 'warning', /Nobody works jobs/, { JOBS: 'off' }],
  ])('tells of %s', async (_what, check, state, said, change) => {
    const found = await look(change)
    expect(found.get(check)).toMatchObject({
      state,
      said: expect.stringMatching(said),
      todo: expect.stringMatching(/\S/),
    })
    expect(JSON.stringify([...found.values()])).not.toContain('secret@')
  })

  it('tells of an address where there are no models, and of no assistant where none is configured', async () => {
    const { host } = new URL(model.url)
    const elsewhere = (await look({ AI_BASE_URL: `http://${host}/elsewhere` })).get('assistant')
    expect(elsewhere).toMatchObject({ state: 'warning', said: expect.stringContaining('lists no models') })
    expect((await look({ AI_BASE_URL: '', AI_MODEL: '', AI_API_KEY: '' })).has('assistant')).toBe(false)
  })

  it('tells of a mail server that refuses the account', async () => {
    const { host } = new URL(env.SMTP_URL ?? '')
    const found = await look({ SMTP_URL: `smtp://school:pass@${host}` })
    expect(found.get('mail')).toMatchObject({
      state: 'failure',
      said: expect.stringContaining('wrong password'),
    })
  })

  it.each([
    [3, 'verified', 'failure', /72 hours old/],
    [1.2, 'verified', 'warning', /28 hours old/],
    [0.1, 'not verified', 'warning', /restored for trial/],
    [0.1, 'verified', 'ok', /was restored for trial/],
  ] as const)('%s days since the last backup (%s): %s', async (days, verified, state, said) => {
    const found = await look({ BACKUP_TARGET: await backupsOf(days * 24 * hourMs, verified) })
    expect(found.get('backups')).toMatchObject({ state, said: expect.stringMatching(said) })
  })

  it('knows that a backup was proven when it is kept no more', async () => {
    const folder = join(world.deps.config.dataFolder, 'backups-kept')
    await mkdir(folder)
    const target = createFolderTarget(folder)
    const [proven = '', ...later] = [20, 10, 1].map((days) =>
      nameBackup(new Date(Date.now() - days * 24 * hourMs), '0001_platform'),
    )
    for (const name of [proven, ...later]) await writeFile(join(folder, name), 'a backup')
    await writeFile(join(folder, `${proven}${verifiedEnding}`), '{}')
    await applyRetention(target, { count: 1, days: null }, new Date())
    expect(await readdir(folder)).toEqual([`${proven}${verifiedEnding}`, later.at(-1)])
    const found = await look({ BACKUP_TARGET: folder })
    expect(found.get('backups')).toMatchObject({ state: 'ok' })
    await writeFile(join(folder, `${later.at(-1)}${verifiedEnding}`), '{}')
    await applyRetention(target, { count: 1, days: null }, new Date())
    expect(await readdir(folder)).toEqual([later.at(-1), `${later.at(-1)}${verifiedEnding}`])
  })

  it('tells of migrations that are unknown, edited or lacking, and of a restore that broke off', async () => {
    const { pool } = world.database
    const migrations = async () => (await look()).get('migrations')
    await pool.query(`insert into migration_checksum values ('9999_later', 'f')`)
    expect(await migrations()).toMatchObject({
      state: 'failure',
      said: expect.stringContaining('9999_later'),
    })
    await pool.query(`delete from migration_checksum where name = '9999_later'`)
    const { rows } = await pool.query(
      `update migration_checksum set checksum = 'f' || checksum where name = '0001_platform' returning checksum`,
    )
    expect(await migrations()).toMatchObject({ said: expect.stringMatching(/0001_platform.*edited/) })
    await pool.query(`delete from migration_checksum where name = '0001_platform'`)
    expect(await migrations()).toMatchObject({ said: expect.stringMatching(/lacks 0001_platform/) })
    await pool.query(`insert into migration_checksum values ('0001_platform', $1)`, [
      rows[0].checksum.slice(1),
    ])
    await pool.query('create table restore_in_progress ()')
    expect(await migrations()).toMatchObject({ said: expect.stringContaining('restore') })
    await pool.query('drop table restore_in_progress')
    expect(await migrations()).toMatchObject({ state: 'ok' })
  })

  it('tells of an empty database that it lacks migrations, and of nothing that needs them', async () => {
    const found = await look({ DATABASE_URL: await databases.make() })
    expect(states(found)).toMatchObject({ database: 'ok', extensions: 'ok', migrations: 'failure' })
    expect(found.has('worker')).toBe(false)
  })

  it('tells of work that nobody takes, and of jobs that have used up their attempts', async () => {
    const { pool } = world.database
    await pool.query(
      `select graphile_worker.add_job('operations.clean-up', run_at => now() - interval '10 minutes')`,
    )
    const waiting = (await look()).get('worker')
    expect(waiting).toMatchObject({
      state: 'failure',
      said: expect.stringMatching(/1 jobs and events wait, the oldest for 60\d s/),
    })
    const id = `${(Date.now() - 1_200_000).toString(16).padStart(12, '0')}70008000000000000000`
    await pool.query("insert into waiting_events values ($1, 'bell.rung')", [id])
    expect((await look()).get('worker')).toMatchObject({
      said: expect.stringMatching(/2 jobs and events wait, the oldest for 120\d s/),
    })
    await pool.query('delete from waiting_events')
    await pool.query('update graphile_worker._private_jobs set attempts = max_attempts')
    const dead = (await look()).get('dead letters')
    expect(dead).toMatchObject({ state: 'warning', said: expect.stringContaining('operations.clean-up') })
    await pool.query('delete from graphile_worker._private_jobs')
    expect((await look()).get('dead letters')).toMatchObject({ state: 'ok' })
  })

  it('tells of a clock that is off, against the database or against an outside service', async () => {
    const ahead = { now: () => new Date(Date.now() + 300_000) }
    expect((await look({}, ahead)).get('clock')).toMatchObject({
      state: 'failure',
      said: expect.stringMatching(/^This clock is (29|30)\d s ahead of that of the database\.$/),
    })
    const theirs = createServer((_request, response) => {
      response.writeHead(200, { date: new Date(Date.now() + 10_000).toUTCString() }).end()
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void theirs.close())
    await once(theirs, 'listening')
    const address = `127.0.0.1:${(theirs.address() as AddressInfo).port}`
    expect((await look({ RAZORPAY_API_BASE: `http://${address}` })).get('clock')).toMatchObject({
      state: 'warning',
      said: expect.stringMatching(new RegExp(`behind that of ${address}`)),
    })
  })

  it('in production: wants an encrypted public address, real keys, TURN, and no simulator', async () => {
    const production = {
      NODE_ENV: 'production',
      ACCESS_TOKEN_SECRET: 'x'.repeat(40),
      SIMULATOR_WEBHOOK_SECRET: 'x'.repeat(40),
    }
    const bare = await look({ ...production, PAYMENTS_SIMULATOR: 'on', LECTERN_DEMO: 'on' })
    expect(states(bare)).toMatchObject({
      'public address': 'failure',
      'demo school': 'warning',
      calls: 'warning',
      gateways: 'warning',
      stripe: 'warning',
      razorpay: 'warning',
    })
    const good = await look({
      ...production,
      PUBLIC_URL: 'https://school.example',
      TRUST_PROXY: 'on',
      TURN_URLS: 'turn:turn.school.example',
      TURN_SECRET: 'shared',
    })
    expect(states(good)).toMatchObject({ 'public address': 'ok', calls: 'ok', gateways: 'ok' })
    expect(good.has('proxy')).toBe(false)
    const plain = await look({ ...production, PUBLIC_URL: 'http://school.example' })
    expect(plain.get('public address')).toMatchObject({
      state: 'failure',
      said: expect.stringContaining('not encrypted'),
    })
  })

  it('a check that throws is a failure, and keeps none of the others from telling', async () => {
    const checks = [
      { name: 'broken', run: () => Promise.reject(new Error('out\nof order')) },
      { name: 'fine', run: async () => ({ state: 'ok' as const, said: 'fine' }) },
    ]
    const found = await examine(checks, { config: readConfig(env), clock: systemClock, database: null })
    expect(found.map(({ check, state, said }) => [check, state, said])).toEqual([
      ['broken', 'failure', 'out of order'],
      ['fine', 'ok', 'fine'],
    ])
  })

  it.each([
    [100, 50, 'ok'],
    [1_000, 40, 'warning'],
    [100, 1, 'warning'],
    [100, 0.1, 'failure'],
  ])('a disk of %i GB with %f GB free: %s', (total, free, state) => {
    const disk = { folder: '/data', totalBytes: total * 1e9, freeBytes: free * 1e9 }
    expect(judgeDisk(disk)).toMatchObject({ state })
  })

  it.each([
    ['26.0.0', 'ok'],
    ['24.9.1', 'failure'],
  ])('Node.js %s: %s', (version, state) => expect(judgeNode(version)).toMatchObject({ state }))
})

describe('a Redis', () => {
  it('that throws keys away is told of; one that does not is good', async ({ skip }) => {
    if (!redisInstalled()) return skip(redisMissing)
    const redis = await startRedis()
    try {
      const { Redis } = await import('ioredis')
      const client = new Redis(redis.url)
      expect((await look({ REDIS_URL: redis.url })).get('redis')).toMatchObject({ state: 'ok' })
      await client.config('SET', 'maxmemory-policy', 'allkeys-lru')
      client.disconnect()
      expect((await look({ REDIS_URL: redis.url })).get('redis')).toMatchObject({
        state: 'warning',
        said: expect.stringContaining('allkeys-lru'),
      })
    } finally {
      await redis.stop()
    }
  })
})

describe('lectern doctor', { timeout: 60_000 }, () => {
  it('exits with 0 where nothing fails, and gives what it found as JSON', async () => {
    const { code, stdout } = await runLectern(['doctor', '--json'], env)
    const { healthy, findings } = JSON.parse(stdout)
    const failed = findings.filter(({ state }: Examined) => state === 'failure')
    expect({ code, healthy, failed }).toEqual({ code: 0, healthy: true, failed: [] })
    expect(findings).toContainEqual({
      check: 'stripe',
      state: 'ok',
      said: expect.stringContaining('takes the keys'),
    })
  })

  it('exits with 1 where something fails, says what to do, and looks at the rest', async () => {
    const away = { DATABASE_URL: 'postgres://school:secret@127.0.0.1:1/lectern' }
    const { code, stdout } = await runLectern(['doctor'], { ...env, ...away })
    expect(code).toBe(1)
    expect(stdout).toMatch(/failure +database .*127\.0\.0\.1:1.*ECONNREFUSED.*\n +Start PostgreSQL/)
    expect(stdout).toMatch(/ok +media store/)
    expect(stdout).not.toContain('secret')
  })

  it('exits with 1 and lists every fault of a configuration that cannot be used', async () => {
    const { code, stdout } = await runLectern(['doctor', '--json'], { ...env, PORT: 'x', JOBS: 'y' })
    expect(code).toBe(1)
    expect(JSON.parse(stdout).findings.map(({ said }: Examined) => said)).toEqual([
      expect.stringMatching(/^PORT /),
      expect.stringMatching(/^JOBS /),
    ])
  })
})
