import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { createAccessTokens } from '../src/modules/accounts/access-tokens.ts'
import { openEmbedded } from '../src/platform/database/embedded.ts'
import { newId } from '../src/platform/ids.ts'
import { createLog } from '../src/platform/log.ts'
import { freePort, startServer } from '../test/support/server.ts'

/**
 * Connects 5,000 people to one real process and prints its resident memory; then 500 pairs of them say 1,000 messages a second to one
 * another for 20 s (or as many a second as the first argument says), and it prints how long each takes from the sender to the other device.
 * Fails when one is refused, or not delivered within a minute. Linux only.
 */
const perSecond = Number(process.argv[2] ?? 1_000)
const people = Number(process.argv[3] ?? 5_000)
const talking = 1_000
const seconds = 20
const tickMs = 10
const patienceMs = 60_000
const secret = 'a secret that is long enough for a benchmark'
const say = (line: string) => process.stdout.write(`${line}\n`)

interface Client {
  readonly userId: string
  emit(name: string, payload: unknown): void
  close(): void
}

const sent = new Map<string, number>()
const delays: number[] = []
let acknowledged = 0
const refusals: string[] = []

/** One who speaks as much Engine.IO and Socket.IO (both protocols' texts) as is needed, and so costs little. */
function connect(port: number, userId: string, token: string): Promise<Client> {
  const { promise, resolve, reject } = Promise.withResolvers<Client>()
  const socket = new WebSocket(`ws://127.0.0.1:${port}/realtime/?EIO=4&transport=websocket`)
  const client: Client = {
    userId,
    emit: (name, payload) => socket.send(`421${JSON.stringify([name, payload])}`),
    close: () => socket.close(),
  }
  socket.onerror = () => reject(new Error('a connection failed'))
  socket.onmessage = ({ data }: { data: string }) => {
    if (data === '2') socket.send('3')
    else if (data.startsWith('0')) socket.send(`40${JSON.stringify({ token })}`)
    else if (data.startsWith('40')) resolve(client)
    else if (data.startsWith('44')) reject(new Error(data))
    else if (data.startsWith('431')) data.includes('"ok":true') ? acknowledged++ : refusals.push(data)
    else if (data.startsWith('42["chat:message"')) {
      const { clientId } = JSON.parse(data.slice(2))[1] as { clientId: string }
      delays.push(performance.now() - (sent.get(clientId) ?? Number.NaN))
    }
  }
  return promise
}

const data = await mkdtemp(join(tmpdir(), 'lectern-bench-'))
const postgres = await openEmbedded({ dataDir: join(data, 'postgres'), log: createLog('warn') })
try {
  const port = await freePort()
  const env = { DATABASE_URL: postgres.url, ACCESS_TOKEN_SECRET: secret, JOBS: 'off' }
  const server = await startServer({ data, port, env })
  try {
    const ids = await fill()
    const tokens = createAccessTokens([secret], 3_600)
    const tokenOf = (sub: string) => tokens.issue({ sub, role: 'student', sid: newId() }, new Date()).token
    const { pid = 0 } = server.process
    say(
      `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, load average ${loadavg()[0]?.toFixed(1)}`,
    )
    const before = await resident(pid)
    const clients: Client[] = []
    const began = performance.now()
    for (let from = 0; from < ids.length; from += 50) {
      const batch = ids.slice(from, from + 50)
      clients.push(...(await Promise.all(batch.map((id) => connect(port, id, tokenOf(id))))))
    }
    const took = (performance.now() - began) / 1_000
    await wait(10_000)
    const after = await resident(pid)
    say(
      `${clients.length} sockets in ${took.toFixed(1)} s: resident ${before.toFixed(0)} MB before, ${after.toFixed(0)} MB with them ` +
        `(${(((after - before) * 1_024) / clients.length).toFixed(1)} kB each)`,
    )
    // The first unread message of a conversation is a notification too, which is a worker's; what is measured is what follows.
    const talkers = clients.slice(0, talking)
    await talk(talkers, { perSecond: 100, seconds: talking / 100 })
    sent.clear()
    delays.length = refusals.length = acknowledged = 0
    const started = await cpuSeconds(pid)
    await talk(talkers, { perSecond, seconds })
    const used = (await cpuSeconds(pid)) - started
    delays.sort((x, y) => x - y)
    const at = (share: number) => (delays[Math.floor(delays.length * share)] ?? 0).toFixed(1)
    say(
      `${sent.size} messages in ${seconds} s over ${talking} sockets: ${acknowledged} acknowledged, ${refusals.length} refused, ${delays.length} delivered; ` +
        `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, at most ${delays.at(-1)?.toFixed(1)} ms; resident ${(await resident(pid)).toFixed(0)} MB, ${((used * 1_000) / Math.max(1, acknowledged)).toFixed(2)} ms of CPU a message`,
    )
    if (acknowledged !== sent.size || delays.length !== sent.size) {
      say(
        `Failed: each is to be acknowledged and delivered, once. ${[...new Set(refusals)].slice(0, 5).join(' ')}`,
      )
      process.exitCode = 1
    }
    for (const client of clients) client.close()
  } finally {
    await server.stop()
  }
} finally {
  await postgres.stop()
  await rm(data, { recursive: true, force: true })
}

/** Each says something to the one beside them, in turn, at an even pace. */
async function talk(
  clients: readonly Client[],
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<void> {
  const began = performance.now()
  const total = perSecond * seconds
  for (let n = 0; n < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1_000) * perSecond))
    for (; n < due; n++) {
      const from = clients[n % clients.length]
      const to = clients[(n % clients.length) ^ 1]
      const clientId = `${n}/${total}`
      sent.set(clientId, performance.now())
      from?.emit('chat:send', { to: to?.userId, text: 'See you at four.', clientId })
    }
    await wait(tickMs)
  }
  const patience = AbortSignal.timeout(patienceMs)
  const isDone = () => delays.length >= sent.size && acknowledged + refusals.length >= sent.size
  while (!isDone() && !patience.aborted) await wait(tickMs)
  // What comes twice would come now.
  await wait(1_000)
}

/** People, and friendships of those who stand beside one another. */
async function fill(): Promise<string[]> {
  const client = new pg.Client(postgres.url)
  await client.connect()
  const { rows } = await client.query<{ id: string }>(
    `insert into users (id, email, name, role, created_at, updated_at)
     select uuidv7(), 'person' || n || '@example.org', 'Person ' || n, 'student', now(), now()
     from generate_series(1, $1::int) as n returning id`,
    [people],
  )
  const ids = rows.map(({ id }) => id)
  await client.query(
    `insert into friendships (id, from_id, to_id, requested_at, accepted_at)
     select uuidv7(), a, b, now(), now() from unnest($1::uuid[], $2::uuid[]) as pair (a, b)`,
    [ids.filter((_id, n) => n % 2 === 0), ids.filter((_id, n) => n % 2 === 1)],
  )
  await client.query('vacuum analyze users, friendships')
  await client.end()
  return ids
}

async function resident(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024
}

/** Of the process, in all its threads (proc(5), stat: utime and stime, in hundredths of a second). */
async function cpuSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
