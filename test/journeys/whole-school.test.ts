import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/platform/clock.ts'
import { type EmbeddedServer, openEmbedded } from '../../src/platform/database/embedded.ts'
import { newId } from '../../src/platform/ids.ts'
import { createLog } from '../../src/platform/log.ts'
import { environmentOf, filledIn, readCompose } from '../support/compose.ts'
import { ask } from '../support/databases.ts'
import { connectDevice, type Device } from '../support/device.ts'
import { type FakeRazorpay, openFakeRazorpay } from '../support/fake-razorpay.ts'
import type { Client } from '../support/http.ts'
import { type MailServer, openMailServer } from '../support/mail-server.ts'
import { type ModelServer, openModelServer } from '../support/model-server.ts'
import { type RedisServer, redisInstalled, redisMissing, startRedis } from '../support/redis.ts'
import { type ReplicaServer, startReplica } from '../support/replica.ts'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { freePort, runLectern, type ServerProcess, startServer, startWorker } from '../support/server.ts'
import { openWebhookReceiver, verifyOfficially, type WebhookReceiver } from '../support/webhook-receiver.ts'

const patience = { timeout: 30_000, interval: 100 }
const admin = { email: 'admin@school.example', password: 'a long password' }

/** Who has an account, and their bearer, which every node takes. */
interface Member {
  readonly id: string
  readonly email: string
  readonly token: string
}

describe('the school of compose.yaml', { timeout: 120_000 }, () => {
  if (!redisInstalled()) {
    it('works as one, and goes on without one of its nodes', ({ skip }) => skip(redisMissing))
    return
  }
  let folder: string
  let primary: EmbeddedServer
  let replica: ReplicaServer
  let redis: RedisServer
  let store: S3Server
  let mails: MailServer
  let model: ModelServer
  let gateway: FakeRazorpay
  let integrator: WebhookReceiver
  let env: Record<string, string>
  let a: ServerProcess
  let b: ServerProcess
  let worker: ReturnType<typeof startWorker>
  const devices: Device[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lectern-whole-'))
    await chmod(folder, 0o755)
    for (const part of ['primary', 'replica']) await mkdir(join(folder, part))
    const dataDir = join(folder, 'primary')
    primary = await openEmbedded({ dataDir, log: createLog('warn'), settings: { fsync: 'off' } })
    replica = await startReplica({ url: primary.url, dataDir }, join(folder, 'replica'))
    redis = await startRedis()
    store = await startS3Server()
    mails = await openMailServer()
    model = await openModelServer()
    gateway = await openFakeRazorpay('rzp_live_school')
    integrator = await openWebhookReceiver()
    env = await environment()
    // As the service `migrate` does; and the backup of the night has been missed.
    expect(await runLectern(['migrate'], env)).toMatchObject({ code: 0 })
    await ask(
      primary.url,
      `insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
       values ('operations.make-backup', now() - interval '9 days', now() - interval '2 days')`,
    )
    a = await startServer({ data: join(folder, 'a'), port: await freePort(), env })
    b = await startServer({ data: join(folder, 'b'), port: await freePort(), env })
    worker = startWorker(join(folder, 'worker'), env)
    await worker.up
  }, 120_000)
  afterAll(async () => {
    for (const device of devices) device.close()
    await Promise.all([a?.kill(), b?.kill(), worker?.stop()])
    await Promise.all([redis?.stop(), store?.close(), mails?.close(), model?.close()])
    await Promise.all([gateway?.close(), integrator?.close()])
    await replica?.kill()
    await primary?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  /** What compose.yaml gives its nodes, with the addresses of this machine. */
  async function environment(): Promise<Record<string, string>> {
    const { services } = await readCompose()
    const [node, other, works] = ['node-1', 'node-2', 'worker'].map((name) => {
      const service = services[name]
      return service && environmentOf(service, { ...filledIn, MAIL_FROM: 'no-reply@school.example' })
    })
    expect(other).toEqual(node)
    expect(works).toEqual(node)
    const here = {
      DATABASE_URL: primary.url,
      DATABASE_REPLICA_URL: replica.url,
      REDIS_URL: redis.url,
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
      SMTP_URL: mails.url,
      S3_ENDPOINT: store.endpoint,
      S3_BUCKET: store.bucket,
      S3_ACCESS_KEY_ID: store.accessKeyId,
      S3_SECRET_ACCESS_KEY: store.secretAccessKey,
      BACKUP_TARGET: `s3://${store.bucket}/backups`,
      RAZORPAY_KEY_ID: gateway.keyId,
      RAZORPAY_KEY_SECRET: gateway.keySecret,
      RAZORPAY_WEBHOOK_SECRET: gateway.webhookSecret,
      ...model.env,
    }
    expect(Object.keys(node ?? {})).toEqual(expect.arrayContaining(Object.keys(here)))
    // The integrator and the gateway are on loopback. In production no limit may be off.
    const test = {
      NODE_ENV: 'production',
      RAZORPAY_API_BASE: gateway.url,
      WEBHOOKS_ALLOW_PRIVATE: 'on',
      RATE_LIMITS: 'on',
    }
    return { ...node, ...here, ...test }
  }

  async function signUp(node: ServerProcess, name: string): Promise<Member> {
    const email = `${name.toLowerCase()}@school.example`
    const { status, body } = await node.client.post('/api/auth/register', {
      email,
      name,
      password: 'a long password',
      client: 'native',
    })
    expect({ status, body }).toMatchObject({ status: 201 })
    return { id: body.user.id, email, token: body.accessToken }
  }

  const on = (node: ServerProcess, { token }: { token: string }): Client => node.client.as(token)

  async function connect({ url }: ServerProcess, { token }: Member): Promise<Device> {
    const device = await connectDevice(url, token)
    devices.push(device)
    return device
  }

  async function asAdmin(node: ServerProcess): Promise<Client> {
    const { status, body } = await node.client.post('/api/auth/login', { ...admin, client: 'native' })
    expect(status).toBe(200)
    return node.client.as(body.accessToken)
  }

  async function makeFriends(one: Member, other: Member): Promise<void> {
    expect((await on(a, one).post('/api/friends/request', { userId: other.id })).status).toBe(201)
    expect((await on(b, other).post('/api/friends/request', { userId: one.id })).status).toBeLessThan(300)
  }

  const readsByReplica = async (node: ServerProcess): Promise<number> => {
    const { body } = await node.client.as(env.METRICS_TOKEN ?? '').get('/metrics')
    return Number(/replica_reads_total\{by="replica"\} (\d+)/.exec(body)?.[1] ?? 0)
  }

  const told = () => integrator.received.map(({ message }) => [message.type, message.data.userId])

  it('works as one, and goes on without one of its nodes', async () => {
    // Who signs up on one node is known to the other at once, in what they have written since too.
    const asha = await signUp(a, 'Asha')
    expect((await on(b, asha).get('/api/users/me')).body).toMatchObject({ id: asha.id, name: 'Asha' })
    await on(a, asha).patch('/api/users/me', { headline: 'Learns Git' })
    expect((await on(b, asha).get('/api/users/me')).body).toMatchObject({ headline: 'Learns Git' })
    await vi.waitFor(() => expect(mails.addressees).toContain(asha.email), patience)

    // The office's search is read from the replica, which has it a moment later.
    const office = await asAdmin(b)
    await vi.waitFor(async () => {
      expect((await b.client.get('/readyz')).body).toMatchObject({ status: 'ready', replica: 'ok' })
    }, patience)
    const before = await readsByReplica(b)
    await vi.waitFor(async () => {
      const { body } = await office.get('/api/users?q=asha')
      expect(body.items).toMatchObject([{ id: asha.id }])
    }, patience)
    expect(await readsByReplica(b)).toBeGreaterThan(before)

    // An integrator is told by the worker of what happens on either node.
    const { status, body: hook } = await (await asAdmin(a)).post('/api/admin/webhooks', {
      url: integrator.url,
      events: ['user.registered'],
    })
    expect(status).toBe(201)
    const ben = await signUp(b, 'Ben')
    await vi.waitFor(() => expect(told()).toContainEqual(['user.registered', ben.id]), patience)
    expect(integrator.received.map((one) => verifyOfficially(hook.secret, one, systemClock))).toMatchObject([
      { type: 'user.registered', data: { userId: ben.id } },
    ])

    // What one says on a node is heard on the other.
    await makeFriends(asha, ben)
    const [ashas, bens] = [await connect(a, asha), await connect(b, ben)]
    await ashas.ask('chat:send', { to: ben.id, text: 'Hello', clientId: newId() })
    expect(await bens.next('chat:message')).toMatchObject({ from: asha.id, text: 'Hello' })

    // The backup that was missed has been made good, once, and can be restored.
    const backups = async () => (await office.get('/api/admin/backups')).body.items
    await vi.waitFor(async () => expect(await backups()).toHaveLength(1), patience)
    await vi.waitFor(async () => {
      const { body } = await office.get('/api/admin/jobs?limit=100')
      const backup = body.items.find(({ name }: { name: string }) => name === 'operations.make-backup')
      expect(backup).toMatchObject({ runs: 1, failures: 0, waiting: 0, running: 0, lastRun: { ok: true } })
    }, patience)
    const [{ name: made }] = await backups()
    expect(await runLectern(['backup', '--verify', `${env.BACKUP_TARGET}/${made}`], env)).toMatchObject({
      code: 0,
    })

    // With exactly this environment the doctor finds nothing to say.
    const doctor = await runLectern(['doctor', '--json'], env)
    const { healthy, findings } = JSON.parse(doctor.stdout)
    expect(findings.filter(({ state }: { state: string }) => state !== 'ok')).toEqual([])
    expect(healthy).toBe(true)
    expect(findings.map(({ check }: { check: string }) => check)).toEqual(
      expect.arrayContaining([
        'replica',
        'worker',
        'nodes',
        'redis',
        'media store',
        'mail',
        'backups',
        'assistant',
      ]),
    )

    // A node dies as by a power cut. On the other one all goes on, for those who were on the dead one too.
    await a.kill()
    expect(await ashas.gone).toBeTypeOf('string')
    expect((await b.client.get('/readyz')).status).toBe(200)
    expect((await on(b, asha).get('/api/users/me')).body).toMatchObject({ headline: 'Learns Git' })
    const again = await connect(b, asha)
    await bens.ask('chat:send', { to: asha.id, text: 'Still there?', clientId: newId() })
    expect(await again.next('chat:message')).toMatchObject({ from: ben.id, text: 'Still there?' })
    const carl = await signUp(b, 'Carl')
    await vi.waitFor(() => expect(told()).toContainEqual(['user.registered', carl.id]), patience)
  })
})
