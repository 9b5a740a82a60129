import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '../src/platform/database/embedded.ts'
import { createLog } from '../src/platform/log.ts'
import { startFloor } from './floor.ts'
import { requestPlans } from './plan.ts'
import { drawPlot } from './plot.ts'
import { describeMachine, say } from './process.ts'
import { type Extent, type Finding, findLoadMemory, findPurchases, programPlans } from './programs.ts'
import { measureRequests, type RequestFigures } from './requests.ts'
import type { SchoolSize } from './school.ts'
import { openStand } from './stand.ts'
import { findingTable, requestTable } from './table.ts'

/**
 * `npm run bench`: builds a school in two sizes, measures the floors and the real server of each, and prints all of it beside its aims;
 * `-- --quick` the same of a smaller school, by fewer requests, within two minutes on a machine with nothing else to do. Servers, floors
 * and PostgreSQL are processes of their own; this one is the load. Linux only.
 */
interface Whole extends Extent {
  readonly size: SchoolSize
  /** Requests of a plan, to each of what is compared. */
  readonly usual: number
  readonly plot: string
}

const whole: Whole = {
  size: { courses: 1_000, users: 20_000, enrollments: 200_000, progress: 2_000_000 },
  usual: 3_000,
  purchases: 100,
  sockets: { people: 5_000, talking: 1_000, perSecond: 1_000, seconds: 20 },
  uploadMebibytes: 1_024,
  exportRows: 1_000_000,
  plot: 'results.svg',
}

const quick: Whole = {
  size: { courses: 100, users: 1_000, enrollments: 5_000, progress: 50_000 },
  usual: 200,
  purchases: 10,
  sockets: { people: 1_000, talking: 1_000, perSecond: 300, seconds: 5 },
  uploadMebibytes: 128,
  exportRows: 20_000,
  plot: 'quick.svg',
}

async function measureSchools(plan: Whole): Promise<{ figures: RequestFigures[]; findings: Finding[] }> {
  // What is opened is closed in turn, the last first, whatever happens.
  await using open = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'lectern-bench-'))
  open.defer(() => rm(folder, { recursive: true, force: true }))
  const database = await openEmbedded({ dataDir: join(folder, 'database'), log: createLog('warn') })
  open.defer(() => database.stop())
  const { size } = plan
  const began = performance.now()
  const [large, small] = await Promise.all([
    openStand({ server: database.url, name: 'large', size, folder }),
    openStand({ server: database.url, name: 'small', size: tenthOf(size), folder }),
  ])
  open.defer(() => large.stop())
  open.defer(() => small.stop())
  const floor = await startFloor(large.url)
  open.defer(() => floor.stop())
  say(`Built in ${Math.round((performance.now() - began) / 1_000)} s: ${JSON.stringify(large.school.rows)}`)
  const findings = await findPurchases(large, plan, folder)
  const figures: RequestFigures[] = []
  for (const asked of requestPlans) {
    process.stderr.write(`${asked.name}\n`)
    figures.push(await measureRequests(asked, { floor, large, small, usual: plan.usual }))
  }
  findings.push(await findLoadMemory(large))
  return { figures, findings }
}

function tenthOf({ courses, users, enrollments, progress }: SchoolSize): SchoolSize {
  return {
    courses: courses / 10,
    users: users / 10,
    enrollments: enrollments / 10,
    progress: progress / 10,
  }
}

const isQuick = process.argv.includes('--quick')
const plan = isQuick ? quick : whole
const began = performance.now()
const header = `${new Date().toISOString().slice(0, 10)}, ${describeMachine()}`
say(`${header}${isQuick ? ', --quick' : ''}\n`)
const { figures, findings } = await measureSchools(plan)
say(`\n${requestTable(figures)}\n`)
for (const program of programPlans) {
  process.stderr.write(`${program.finds.join(', ')}\n`)
  findings.push(...(await program.measure(plan)))
}
say(findingTable(findings))
const plot = join(import.meta.dirname, plan.plot)
await writeFile(plot, drawPlot(figures, header))
say(
  `\n${plot}; ${Math.round((performance.now() - began) / 1_000)} s in all; at the end: ${describeMachine()}`,
)
