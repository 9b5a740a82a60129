import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { randomOf } from '../test/proof/random.ts'
import { freePort, startServer } from '../test/support/server.ts'
import { describeMachine, say } from './process.ts'
import { pickErrand, type Take } from './soak-plan.ts'
import { adminSignIn, buildSoakSchool, type SoakSchool } from './soak-school.ts'

/** How the server was at a moment. */
export interface Sample {
  readonly residentMb: number
  readonly eventLoopP99Ms: number
  /** Requests that wanted a database connection. */
  readonly waiting: number
}

const atOnce = 8
const studentsEach = 4
/** From the begin of one errand to that of the next, of each of those who run them. */
const paceMs = 100
const sampleMs = 1_000
const lines = 20
const mostGrowth = 1.1

interface Tally {
  requests: number
  /** By what was answered. */
  readonly failures: Map<string, number>
}

/** What is wrong with a soak; empty where nothing is. Memory counts as flat once it has settled: in the last two thirds. */
export function faultsOf(
  samples: readonly Pick<Sample, 'residentMb'>[],
  failures: ReadonlyMap<string, number>,
): string[] {
  const third = Math.floor(samples.length / 3)
  const mean = (some: readonly Pick<Sample, 'residentMb'>[]) =>
    some.reduce((sum, { residentMb }) => sum + residentMb, 0) / some.length
  const [second, last] = [mean(samples.slice(third, 2 * third)), mean(samples.slice(2 * third))]
  const grown = last > mostGrowth * second
  return [
    ...(grown ? [`memory grew from ${Math.round(second)} MiB to ${Math.round(last)} MiB`] : []),
    ...[...failures].map(([what, times]) => `${times} times ${what}`),
  ]
}

/**
 * Does all kinds of things at once in a real server, as a plan of this seed says.
 * @returns what is wrong: growing memory, anything that was not answered by a success
 */
async function soak({ minutes, seed }: { minutes: number; seed: number }): Promise<string[]> {
  const data = await mkdtemp(join(tmpdir(), 'lectern-soak-'))
  const port = await freePort()
  const server = await startServer({
    data,
    port,
    env: {
      ADMIN_EMAIL: adminSignIn.email,
      ADMIN_PASSWORD: adminSignIn.password,
      ACCESS_TOKEN_EXPIRE: '1d',
      WEBHOOKS_ALLOW_PRIVATE: 'on',
    },
  })
  try {
    const school = await buildSoakSchool(server.client, `http://127.0.0.1:${port}`, atOnce * studentsEach)
    const tally: Tally = { requests: 0, failures: new Map() }
    const endAt = performance.now() + minutes * 60_000
    const random = randomOf(seed)
    const running = Array.from({ length: atOnce }, (_, n) =>
      keepRunning(school, { n, random: random.fork(), endAt, tally }),
    )
    const samples = await watch(school, tally, endAt)
    await Promise.all(running)
    say(`\n${tally.requests} requests; ${school.delivered()} webhooks delivered`)
    await school.close()
    const code = await server.stop()
    if (tally.failures.size > 0) say(server.output())
    return [...faultsOf(samples, tally.failures), ...(code === 0 ? [] : [`the server ended with ${code}`])]
  } finally {
    server.process.kill('SIGKILL')
    await rm(data, { recursive: true, force: true })
  }
}

/** One errand after another, each by one of the students of its own. */
async function keepRunning(
  school: SoakSchool,
  {
    n,
    random,
    endAt,
    tally,
  }: { n: number; random: ReturnType<typeof randomOf>; endAt: number; tally: Tally },
): Promise<void> {
  const students = school.students.slice(n * studentsEach, (n + 1) * studentsEach)
  while (performance.now() < endAt) {
    const pace = wait(paceMs)
    const errand = pickErrand(random)
    const student = random.pick(students)
    const take: Take = async (asked) => {
      const { status, body } = await asked
      tally.requests++
      if (status < 300) return body
      throw new Error(`${status} ${body?.code}`)
    }
    if (student)
      await errand.run({ school, student, random, take }).catch((error: Error) => {
        const what = `${errand.name}: ${error.message}`
        tally.failures.set(what, (tally.failures.get(what) ?? 0) + 1)
      })
    await pace
  }
}

/** Samples the server, and says now and then how it is. */
async function watch({ anyone }: SoakSchool, tally: Tally, endAt: number): Promise<Sample[]> {
  const samples: Sample[] = []
  const began = performance.now()
  const lineMs = (endAt - began) / lines
  say('| minute | requests | failures | resident MiB | event loop p99 ms | waiting for the database |')
  say('| --- | --- | --- | --- | --- | --- |')
  let from = 0
  for (let line = 1; line <= lines; line++) {
    while (performance.now() < began + line * lineMs) {
      const pace = wait(sampleMs)
      const { body } = await anyone.get('/metrics')
      samples.push(readSample(String(body)))
      await pace
    }
    const these = samples.slice(from)
    from = samples.length
    const most = (of: keyof Sample) => Math.max(...these.map((sample) => sample[of]))
    const failures = [...tally.failures.values()].reduce((sum, times) => sum + times, 0)
    const minute = ((performance.now() - began) / 60_000).toFixed(1)
    const cells = [
      minute,
      tally.requests,
      failures,
      Math.round(most('residentMb')),
      most('eventLoopP99Ms').toFixed(0),
      most('waiting'),
    ]
    say(`| ${cells.join(' | ')} |`)
  }
  return samples
}

function readSample(text: string): Sample {
  const value = (name: string) => {
    const at = text.indexOf(`\n${name} `)
    if (at < 0) throw new Error(`/metrics has no ${name}`)
    return Number.parseFloat(text.slice(at + name.length + 2))
  }
  return {
    residentMb: value('process_resident_memory_bytes') / 2 ** 20,
    eventLoopP99Ms: value('nodejs_eventloop_lag_p99_seconds') * 1_000,
    waiting: value('lectern_database_connections{state="waiting"}'),
  }
}

/** `npm run soak`, for SOAK_MINUTES (10; in fewer the memory has not settled) with SOAK_SEED (by chance). Ends with 1 where something is wrong. */
if (import.meta.main) {
  const minutes = Number(process.env.SOAK_MINUTES ?? 10)
  const seed = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 1e6))
  say(`${minutes} minutes, SOAK_SEED=${seed}; ${describeMachine()}\n`)
  const faults = await soak({ minutes, seed })
  for (const fault of faults) say(`wrong: ${fault}`)
  say(faults.length === 0 ? 'All is well.' : 'Not all is well.')
  process.exitCode = faults.length === 0 ? 0 : 1
}
