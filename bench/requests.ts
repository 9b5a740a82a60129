import type { Floor } from './floor.ts'
import { type Ask, load, type Measured, together } from './load.ts'
import { floorAsks, type RequestPlan } from './plan.ts'
import { cpuSeconds } from './process.ts'
import type { Stand } from './stand.ts'

/** What came of one plan. */
export interface RequestFigures {
  readonly plan: RequestPlan
  readonly floor: Measured
  readonly large: Measured
  readonly small: Measured
  /** SQL statements a request, on the large school. */
  readonly statements: number
  /** Milliseconds of processor time a request, of the server's process and of the floor's: what a busy machine changes least. */
  readonly cpuMs: number
  readonly floorCpuMs: number
  /** Requests a second, as a share of the floor's. */
  readonly ofFloor: number
  /** The p50 on the large school by that on the small one. */
  readonly growth: number
}

const rounds = 4
const leastWarming = 400

/**
 * Asks the floor, the small school and the large one in turns, several times over, so that what else the machine does falls on all of them.
 * @param usual how many requests of each are usual; a plan has its share of them
 */
export async function measureRequests(
  plan: RequestPlan,
  on: { floor: Floor; large: Stand; small: Stand; usual: number },
): Promise<RequestFigures> {
  const count = Math.max(rounds * 4, Math.round(on.usual * plan.share))
  // What only reads can be warmed at will: a server that has just started runs code that is not compiled yet.
  const warming = Math.ceil(
    plan.floor === 'read' ? Math.max(count / 5, leastWarming * plan.share) : count / 5,
  )
  const floorSends = await warmed(
    plan,
    on.floor.origin,
    floorAsks(plan.floor, on.large, count + warming),
    warming,
  )
  const sides = []
  for (const stand of [on.small, on.large]) {
    const asks = await plan.asks(stand, count + warming)
    const warm = Math.floor((asks.length * warming) / (count + warming))
    sides.push({ stand, send: await warmed(plan, stand.origin, asks, warm) })
  }
  const [small, large] = sides
  if (!small || !large) throw new Error('two schools are measured')
  const parts = { floor: [] as Measured[], small: [] as Measured[], large: [] as Measured[] }
  let [statements, cpu, floorCpu] = [0, 0, 0]
  const { pid } = large.stand.server.process
  for (let round = 0; round < rounds; round++) {
    const floorBefore = await cpuSeconds(on.floor.pid)
    parts.floor.push(await floorSends(round))
    floorCpu += (await cpuSeconds(on.floor.pid)) - floorBefore
    parts.small.push(await besides(plan, small.stand, count, () => small.send(round)))
    const before = await countStatements(large.stand)
    const cpuBefore = await cpuSeconds(pid)
    parts.large.push(await besides(plan, large.stand, count, () => large.send(round)))
    cpu += (await cpuSeconds(pid)) - cpuBefore
    statements += (await countStatements(large.stand)) - before
  }
  const figures = {
    floor: together(parts.floor),
    large: together(parts.large),
    small: together(parts.small),
  }
  return {
    plan,
    ...figures,
    statements: statements / figures.large.times.length,
    cpuMs: (cpu * 1_000) / figures.large.times.length,
    floorCpuMs: (floorCpu * 1_000) / figures.floor.times.length,
    ofFloor: figures.large.perSecond / figures.floor.perSecond,
    growth: figures.large.p50 / figures.small.p50,
  }
}

/** Sends the first requests, that what is compiled and planned once is so; the rest in equal rounds. */
async function warmed(plan: RequestPlan, origin: string, asks: readonly Ask[], warm: number) {
  const { concurrency } = plan
  const each = Math.floor((asks.length - warm) / rounds)
  if (each < 1) throw new Error(`${plan.name}: the school is too small, it has ${asks.length} to ask`)
  await load({ origin, asks: asks.slice(0, warm), count: warm, concurrency })
  return (round: number) =>
    load({
      origin,
      asks: asks.slice(warm + round * each, warm + (round + 1) * each),
      count: each,
      concurrency,
    })
}

async function besides(plan: RequestPlan, stand: Stand, count: number, work: () => Promise<Measured>) {
  const others = plan.beside?.(stand, count / rounds) ?? []
  const [measured] = await Promise.all([
    work(),
    others.length > 0 &&
      load({ origin: stand.origin, asks: others, count: others.length, concurrency: others.length }),
  ])
  return measured
}

/** All that the server has sent to the database so far, as its metrics tell. */
async function countStatements({ origin }: Stand): Promise<number> {
  const text = await (await fetch(`${origin}/metrics`)).text()
  return Number(/^lectern_sql_statement_seconds_count (\d+)/m.exec(text)?.[1] ?? Number.NaN)
}
