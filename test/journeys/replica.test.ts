import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type EmbeddedServer, openEmbedded } from '../../src/platform/database/embedded.ts'
import { createLog } from '../../src/platform/log.ts'
import { ask } from '../support/databases.ts'
import { type Client, httpClient } from '../support/http.ts'
import { type ReplicaServer, startReplica } from '../support/replica.ts'
import { freePort, runLectern, type ServerProcess, startServer } from '../support/server.ts'

const patience = { timeout: 30_000, interval: 50 }
const admin = { email: 'admin@school.example', password: 'a long password' }

describe('a school with a streaming replica', { timeout: 120_000 }, () => {
  let folder: string
  let primary: EmbeddedServer
  let replica: ReplicaServer
  let school: ServerProcess
  let client: Client
  let env: Record<string, string>
  let port: number

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lectern-replica-'))
    await chmod(folder, 0o755)
    for (const part of ['primary', 'replica']) await mkdir(join(folder, part))
    const dataDir = join(folder, 'primary')
    primary = await openEmbedded({ dataDir, log: createLog('warn'), settings: { fsync: 'off' } })
    replica = await startReplica({ url: primary.url, dataDir }, join(folder, 'replica'))
    port = await freePort()
    env = {
      DATABASE_URL: primary.url,
      DATABASE_REPLICA_URL: replica.url,
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
      LECTERN_DATA: join(folder, 'node'),
    }
    school = await startServer({ data: join(folder, 'node'), port, env })
    const { body } = await school.client.post('/api/auth/login', admin)
    client = httpClient(`http://127.0.0.1:${port}`, body.accessToken)
    await becomes('ok')
  }, 120_000)
  afterAll(async () => {
    await school?.stop()
    await replica?.kill()
    await primary?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const becomes = (state: string) =>
    vi.waitFor(async () => {
      const { status, body } = await school.client.get('/readyz')
      expect({ status, replica: body.replica }).toEqual({ status: 200, replica: state })
    }, patience)

  const search = async (q: string): Promise<string[]> => {
    const { status, body } = await client.get(`/api/users?q=${q}`)
    expect(status).toBe(200)
    return body.items.map(({ email }: { email: string }) => email)
  }

  /** How often each of the two has run a statement with this text, for connections that are still open. */
  const seenBy = async (url: string, text: string) => {
    const rows = await ask(
      url,
      `select pg_is_in_recovery() as standby, count(*)::int as seen from pg_stat_activity
       where query like '%${text}%' and pid <> pg_backend_pid()`,
    )
    return rows[0]
  }

  const register = async (email: string) => {
    const { status } = await client.post('/api/users', { email, name: 'Somebody', role: 'student' })
    expect(status).toBe(201)
  }

  const reads = async () => {
    const { body } = await school.client.get('/metrics')
    const of = (by: string) =>
      Number(new RegExp(`replica_reads_total\\{by="${by}"\\} (\\d+)`).exec(body)?.[1] ?? 0)
    return { replica: of('replica'), primary: of('primary') }
  }

  it('lists and searches people there, and reads what somebody has just written where they wrote it', async () => {
    await register('first@school.example')
    await vi.waitFor(async () => expect(await search('first')).toEqual(['first@school.example']), patience)
    expect(await seenBy(replica.url, 'find_people')).toMatchObject({
      standby: true,
      seen: expect.any(Number),
    })
    expect((await seenBy(replica.url, 'find_people'))?.seen).toBeGreaterThan(0)
    expect(await seenBy(primary.url, 'find_people')).toEqual({ standby: false, seen: 0 })
    const before = await reads()
    const { body: me } = await client.patch('/api/users/me', { headline: 'Head of it all' })
    expect((await client.get('/api/users/me')).body).toMatchObject({ id: me.id, headline: 'Head of it all' })
    expect(await reads()).toEqual(before)
    expect((await school.client.get('/metrics')).body).toMatch(/lectern_replica_lag_seconds [0-4]/)
  })

  it('asks the primary while the replica is behind, so that nothing is missed for long', async () => {
    await replica.pause()
    await register('second@school.example')
    await becomes('behind')
    expect(await search('second')).toEqual(['second@school.example'])
    const { stdout } = await runLectern(['doctor', '--json'], env)
    expect(JSON.parse(stdout).findings).toContainEqual(
      expect.objectContaining({
        check: 'replica',
        state: 'warning',
        said: expect.stringContaining('behind'),
      }),
    )
    await replica.resume()
    await becomes('ok')
  })

  it('goes on without it: nobody notices that it is killed, nor that it is back', async () => {
    let asking = true
    const outcomes: number[] = []
    const people = [1, 2, 3, 4].map(async () => {
      while (asking) outcomes.push((await client.get('/api/users?q=school')).status)
    })
    await vi.waitFor(() => expect(outcomes.length).toBeGreaterThan(20), patience)
    await replica.kill()
    await becomes('away')
    const { primary: before } = await reads()
    await vi.waitFor(async () => expect((await reads()).primary).toBeGreaterThan(before + 5), patience)
    expect((await school.client.get('/metrics')).body).toContain('lectern_replica_lag_seconds Nan')
    await replica.start()
    await becomes('ok')
    const { replica: again } = await reads()
    await vi.waitFor(async () => expect((await reads()).replica).toBeGreaterThan(again + 5), patience)
    asking = false
    await Promise.all(people)
    expect(new Set(outcomes)).toEqual(new Set([200]))
  })

  it('starts while it is away, and says so where the address leads to no replica', async () => {
    const other = await startServer({
      data: join(folder, 'node'),
      port: await freePort(),
      env: { ...env, DATABASE_REPLICA_URL: primary.url, JOBS: 'off' },
    })
    expect((await other.client.get('/readyz')).body).toMatchObject({ status: 'ready', replica: 'away' })
    expect(other.output()).toContain('leads to no streaming replica')
    await other.stop()
  })
})
