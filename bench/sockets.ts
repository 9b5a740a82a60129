import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { createAccessTokens } from '../src/modules/accounts/access-tokens.ts'
import { openEmbedded } from '../src/platform/database/embedded.ts'
import { newId } from '../src/platform/ids.ts'
import { createLog } from '../src/platform/log.ts'
import { freePort, startServer } from '../test/support/server.ts'
import { cpuSeconds, describeMachine, residentMb, say } from './process.ts'
import { openTexts } from './web-socket.ts'

export interface SocketFigures {
  readonly sockets: number
  /** Resident MiB of the server: before anybody was connected, with all, and after the messages. */
  readonly before: number
  readonly connected: number
  readonly after: number
  readonly sent: number
  readonly acknowledged: number
  readonly delivered: number
  /** Distinct answers that were not `ok`. */
  readonly refusals: readonly string[]
  /** Messages a second: what was delivered, by the time from the first to the last. */
  readonly perSecond: number
  /** Milliseconds from the sender to the other's device. */
  readonly p50: number
  readonly p99: number
  readonly worst: number
  /** Of the server's processor time, a message. */
  readonly cpuMs: number
}

const tickMs = 10
const warmUpSeconds = 5
const patienceMs = 60_000
const secret = 'a secret that is long enough for a benchmark'

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
async function connect(port: number, userId: string, token: string): Promise<Client> {
  const admitted = Promise.withResolvers<void>()
  const path = '/realtime/?EIO=4&transport=websocket'
  const { send, close } = await openTexts({ port, path }, (text, texts) => {
    if (text === '2') texts.send('3')
    else if (text.startsWith('0')) texts.send(`40${JSON.stringify({ token })}`)
    else if (text.startsWith('40')) admitted.resolve()
    else if (text.startsWith('44')) admitted.reject(new Error(text))
    else if (text.startsWith('431')) text.includes('"ok":true') ? acknowledged++ : refusals.push(text)
    else if (text.startsWith('42["chat:message"')) {
      const { clientId } = JSON.parse(text.slice(2))[1] as { clientId: string }
      delays.push(performance.now() - (sent.get(clientId) ?? Number.NaN))
    }
  })
  await admitted.promise
  return { userId, emit: (name, payload) => send(`421${JSON.stringify([name, payload])}`), close }
}

/**
 * Connects people to one real process; then so many of them, in pairs, say so many messages a second to one another for so many seconds.
 * Linux only. One at a time: what was sent and came is counted for the whole process.
 */
export async function measureSockets(options: {
  people: number
  talking: number
  perSecond: number
  seconds: number
}): Promise<SocketFigures> {
  const { people, talking, perSecond, seconds } = options
  const data = await mkdtemp(join(tmpdir(), 'lectern-bench-'))
  const postgres = await openEmbedded({ dataDir: join(data, 'postgres'), log: createLog('warn') })
  try {
    const port = await freePort()
    const env = { DATABASE_URL: postgres.url, ACCESS_TOKEN_SECRET: secret, JOBS: 'off' }
    const server = await startServer({ data, port, env })
    try {
      const ids = await fill(postgres.url, people)
      const tokens = createAccessTokens([secret], 3_600)
      const tokenOf = (sub: string) => tokens.issue({ sub, role: 'student', sid: newId() }, new Date()).token
      const { pid } = server.process
      const before = await residentMb(pid)
      const clients: Client[] = []
      for (let from = 0; from < ids.length; from += 50) {
        const batch = ids.slice(from, from + 50)
        clients.push(...(await Promise.all(batch.map((id) => connect(port, id, tokenOf(id))))))
      }
      await wait(10_000)
      const connected = await residentMb(pid)
      forget()
      // The first unread message of a conversation is a notification too, which is a worker's; what is measured is what follows.
      const talkers = clients.slice(0, talking)
      await talk(talkers, { perSecond: 100, seconds: talking / 100 })
      // A server is up for weeks; what is measured is not how its first seconds are compiled.
      await talk(talkers, { perSecond, seconds: warmUpSeconds })
      forget()
      const started = await cpuSeconds(pid)
      const took = await talk(talkers, { perSecond, seconds })
      const used = (await cpuSeconds(pid)) - started
      delays.sort((x, y) => x - y)
      const at = (share: number) => delays[Math.floor(delays.length * share)] ?? 0
      const after = await residentMb(pid)
      for (const client of clients) client.close()
      return {
        sockets: clients.length,
        before,
        connected,
        after,
        sent: sent.size,
        acknowledged,
        delivered: delays.length,
        refusals: [...new Set(refusals)],
        perSecond: delays.length / took,
        p50: at(0.5),
        p99: at(0.99),
        worst: delays.at(-1) ?? 0,
        cpuMs: (used * 1_000) / Math.max(1, acknowledged),
      }
    } finally {
      await server.stop()
    }
  } finally {
    await postgres.stop()
    await rm(data, { recursive: true, force: true })
  }
}

function forget(): void {
  sent.clear()
  delays.length = refusals.length = acknowledged = 0
}

/** Each says something to the one beside them, in turn, at an even pace. Returns the seconds until all had come. */
async function talk(
  clients: readonly Client[],
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<number> {
  const began = performance.now()
  const total = perSecond * seconds
  for (let n = 0; n < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1_000) * perSecond))
    for (; n < due; n++) {
      const from = clients[n % clients.length]
      const to = clients[(n % clients.length) ^ 1]
      const clientId = `${began}/${n}`
      sent.set(clientId, performance.now())
      from?.emit('chat:send', { to: to?.userId, text: 'See you at four.', clientId })
    }
    await wait(tickMs)
  }
  const patience = AbortSignal.timeout(patienceMs)
  const isDone = () => delays.length >= sent.size && acknowledged + refusals.length >= sent.size
  while (!isDone() && !patience.aborted) await wait(tickMs)
  const took = (performance.now() - began) / 1_000
  // What comes twice would come now.
  await wait(1_000)
  return took
}

/** People, and friendships of those who stand beside one another. */
async function fill(url: string, people: number): Promise<string[]> {
  const client = new pg.Client(url)
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

/**
 * `node bench/sockets.ts [messages a second] [people]`: 5,000 people, and a thousand of them say 1,000 messages a second for 20 s, if
 * nothing else is said. Fails when one is refused, or not delivered within a minute.
 */
if (import.meta.main) {
  const [perSecond = '1000', people = '5000'] = process.argv.slice(2)
  say(describeMachine())
  const figures = await measureSockets({
    people: Number(people),
    talking: Math.min(1_000, Number(people)),
    perSecond: Number(perSecond),
    seconds: 20,
  })
  const { sockets, before, connected, after } = figures
  say(
    `${sockets} sockets: resident ${before.toFixed(0)} MiB before, ${connected.toFixed(0)} with them ` +
      `(${(((connected - before) * 1_024) / sockets).toFixed(1)} KiB each), ${after.toFixed(0)} after the messages`,
  )
  say(
    `${figures.sent} messages: ${figures.acknowledged} acknowledged, ${figures.delivered} delivered; p50 ${figures.p50.toFixed(1)} ms, ` +
      `p99 ${figures.p99.toFixed(1)} ms, at most ${figures.worst.toFixed(1)} ms; ${figures.cpuMs.toFixed(2)} ms of CPU a message`,
  )
  if (figures.acknowledged !== figures.sent || figures.delivered !== figures.sent) {
    say(`Failed: each is to be acknowledged and delivered, once. ${figures.refusals.slice(0, 5).join(' ')}`)
    process.exitCode = 1
  }
}
