import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { Agent, get, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { makePerson } from '../../src/modules/accounts/factory.ts'
import { makeFriends } from '../../src/modules/friends/factory.ts'
import { newId } from '../../src/platform/ids.ts'
import { connectDevice } from '../support/device.ts'
import { type RedisServer, redisInstalled, redisMissing, startRedis } from '../support/redis.ts'
import { freePort, type ServerProcess, startServer } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

const patience = { timeout: 60_000, interval: 50 }

/** The processes that a process has started, by what they run: proc_pid_stat(5). */
async function childrenOf(parent: number): Promise<{ pid: number; command: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  return pids.flatMap((pid) => {
    try {
      const [, ppid] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      const name = command.at(command.indexOf('--sibling') - 1) ?? ''
      return Number(ppid) === parent && command.includes('--sibling') ? [{ pid, command: name }] : []
    } catch {
      return [] // It has ended meanwhile.
    }
  })
}

/** By a connection of its own; the status, or what became of it. */
function askOnce(url: string): Promise<number | string> {
  return new Promise((resolve) => {
    get(url, { agent: new Agent({ keepAlive: false }), timeout: 20_000 }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      .on('timeout', () => resolve('hangs'))
  })
}

describe('several processes on one port', { timeout: 180_000 }, () => {
  if (!redisInstalled() || process.platform !== 'linux') {
    it('are one school', ({ skip }) => skip(redisMissing))
    return
  }
  let world: World
  let data: string
  let redis: RedisServer
  let school: ServerProcess
  let url: string
  let env: Record<string, string>

  beforeAll(async () => {
    world = await createWorld()
    data = await mkdtemp(join(tmpdir(), 'lectern-processes-'))
    redis = await startRedis()
    env = {
      DATABASE_URL: world.databaseUrl,
      REDIS_URL: redis.url,
      ACCESS_TOKEN_SECRET: world.deps.config.accessTokenSecrets.join(','),
      WEB_CONCURRENCY: '2',
      DATABASE_POOL: '4',
    }
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    school = await startServer({ data, port, env })
  }, 180_000)
  afterAll(async () => {
    if (school.process.exitCode === null) await school.kill()
    await redis.stop()
    await world.close()
    await rm(data, { recursive: true, force: true })
  })

  const children = async (command: string) =>
    (await childrenOf(school.process.pid ?? 0)).flatMap((child) =>
      child.command === command ? [child.pid] : [],
    )

  it('are so many as WEB_CONCURRENCY says, and one that works the jobs; what they measure is added up', async () => {
    expect(await children('serve')).toHaveLength(2)
    expect(await children('worker')).toHaveLength(1)
    for (let asked = 0; asked < 10; asked++) expect(await askOnce(`${url}/healthz`)).toBe(200)
    // Whichever answers, it is what both have seen.
    const seen = async () => {
      const { body } = await school.client.get('/metrics')
      return Number(/lectern_http_request_seconds_count\{[^}]*healthz[^}]*\} (\d+)/.exec(body)?.[1])
    }
    expect([await seen(), await seen(), await seen()]).toEqual([10, 10, 10])
  })

  it('hear of each other what each device is to be told, over WebSocket', async () => {
    const asha = await makePerson(world.deps, { name: 'Asha' })
    const ben = await makePerson(world.deps, { name: 'Ben' })
    await makeFriends(world.deps, asha, ben)
    const bens = await Promise.all([1, 2, 3, 4].map(() => connectDevice(url, ben.accessToken)))
    const ashas = await connectDevice(url, asha.accessToken)
    await ashas.ask('chat:send', { to: ben.id, text: 'Hello', clientId: newId() })
    for (const device of bens) expect(await device.next('chat:message')).toMatchObject({ text: 'Hello' })
    for (const device of [...bens, ashas]) device.close()
    // Long polling would need one and the same process for all its requests.
    expect(await askOnce(`${url}/realtime?EIO=4&transport=polling`)).toBe(400)
  })

  it('work jobs in the one that is for them, and in another when it is killed', async () => {
    const [worker = 0] = await children('worker')
    process.kill(worker, 'SIGKILL')
    const asha = await makePerson(world.deps)
    const ben = await makePerson(world.deps)
    await school.client.as(asha.accessToken).post('/api/friends/request', { userId: ben.id })
    await vi.waitFor(async () => {
      const { body } = await school.client.as(ben.accessToken).get('/api/notifications')
      expect(body.items).toContainEqual(expect.objectContaining({ kind: 'friend_request' }))
    }, patience)
    expect(await children('worker')).not.toContain(worker)
  })

  it('go on when one is killed: who asks the others notices nothing, and another takes its place', async () => {
    const before = await children('serve')
    let going = true
    const outcomes: (number | string)[] = []
    const people = [1, 2, 3, 4].map(async () => {
      while (going) outcomes.push(await askOnce(`${url}/api/courses`))
    })
    await vi.waitFor(() => expect(outcomes.length).toBeGreaterThan(50), patience)
    process.kill(before[0] ?? 0, 'SIGKILL')
    await vi.waitFor(async () => {
      const now = await children('serve')
      expect(now).toHaveLength(2)
      expect(now).not.toContain(before[0])
    }, patience)
    const then = outcomes.length
    await vi.waitFor(() => expect(outcomes.length).toBeGreaterThan(then + 50), patience)
    going = false
    await Promise.all(people)
    // Only those that the killed one was answering at that moment, one at a time of each person's, were cut off.
    expect(outcomes).not.toContain('hangs')
    expect(outcomes.filter((outcome) => outcome !== 200).length).toBeLessThanOrEqual(people.length)
    expect(school.output()).toContain('another takes its place')
  })

  it('end together when told to, each after what it has taken, and one that is only starting at once', async () => {
    // The youngest: the other has surely been up for long, and serves.
    const killed = Math.max(...(await children('serve')))
    process.kill(killed, 'SIGKILL')
    await vi.waitFor(async () => {
      const now = await children('serve')
      expect(now).toHaveLength(2)
      expect(now).not.toContain(killed)
    }, patience)
    const all = await childrenOf(school.process.pid ?? 0)
    const person = { email: 'last@example.org', password: 'a long password', name: 'Last' }
    const body = Buffer.from(JSON.stringify(person))
    // Who is told to go on with the body has been taken in.
    const sent = request(`${url}/api/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': body.length, expect: '100-continue' },
    })
    sent.flushHeaders()
    await once(sent, 'continue')
    const code = school.stop()
    sent.end(body)
    const [answer] = await once(sent, 'response')
    expect(answer.statusCode).toBe(201)
    answer.resume()
    expect(await code).toBe(0)
    for (const { pid } of all) expect(() => process.kill(pid, 0)).toThrow()
  })

  it('say why they cannot serve, and leave none behind', async () => {
    const port = await freePort()
    const first = await startServer({ data, port, env: { ...env, WEB_CONCURRENCY: '1' } })
    await expect(startServer({ data, port, env })).rejects.toThrow(
      /exited with 1[\s\S]*Port \d+ is taken by another program/,
    )
    await first.stop()
  })

  it('are one without Redis, which is said', async () => {
    const { REDIS_URL: _, ...without } = env
    const alone = await startServer({ data, port: await freePort(), env: without })
    expect(await childrenOf(alone.process.pid ?? 0)).toEqual([])
    expect(alone.output()).toContain('WEB_CONCURRENCY needs REDIS_URL')
    await alone.stop()
  })

  it('share the embedded database of the one that looks after them', async () => {
    const own = await mkdtemp(join(tmpdir(), 'lectern-embedded-processes-'))
    const { DATABASE_URL: _, ...embedded } = env
    const many = await startServer({ data: own, port: await freePort(), env: embedded })
    expect(await childrenOf(many.process.pid ?? 0)).toHaveLength(3)
    expect((await many.client.get('/readyz')).status).toBe(200)
    expect(await many.stop()).toBe(0)
    await rm(own, { recursive: true, force: true })
  })
})
