import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAccessTokens } from '../src/modules/accounts/access-tokens.ts'
import type { Role } from '../src/platform/actor.ts'
import { openEmbedded } from '../src/platform/database/embedded.ts'
import { migrate } from '../src/platform/database/migrate.ts'
import { newId } from '../src/platform/ids.ts'
import { createLog } from '../src/platform/log.ts'
import { freePort, startServer } from '../test/support/server.ts'
import { load } from './load.ts'
import { buildSchool } from './school.ts'

/**
 * The four dashboards of a school of 1,000 courses, 20,000 users, 200,000 enrollments and 2,000,000 progress rows, and of one ten times
 * smaller: `node bench/dashboards.ts [requests]`. One server process, eight requests at a time, each of another person where there are
 * that many; the busiest instructor, who leads the most popular course, beside instructors in turn.
 */
const requests = Number(process.argv[2] ?? 1_000)
const concurrency = 8
const large = { courses: 1_000, users: 20_000, enrollments: 200_000, progress: 2_000_000 }
const small = { courses: 100, users: 2_000, enrollments: 20_000, progress: 200_000 }
const secret = 'a secret that is long enough for the bench only'
const say = (line: string) => process.stdout.write(`${line}\n`)

for (const size of [small, large]) await measureSchool(size)

async function measureSchool(size: typeof large): Promise<void> {
  const log = createLog('warn')
  const folder = await mkdtemp(join(tmpdir(), 'lectern-bench-'))
  const database = await openEmbedded({ dataDir: join(folder, 'database'), log })
  try {
    await migrate({ url: database.url, log })
    const began = performance.now()
    const school = await buildSchool(database.url, size)
    say(`\n${JSON.stringify(school.rows)} in ${Math.round((performance.now() - began) / 1_000)} s`)
    const port = await freePort()
    const env = { DATABASE_URL: database.url, ACCESS_TOKEN_SECRET: secret, JOBS: 'off' }
    const server = await startServer({ data: folder, port, env })
    const origin = `http://127.0.0.1:${port}`
    const measure = async (
      name: string,
      role: Role,
      people: readonly string[],
      path = `/api/dashboard/${role}`,
    ) => {
      const asks = people.slice(0, 500).map((sub) => ({ path, bearer: bearerOf(sub, role) }))
      const ask = (count: number) => load({ origin, asks, count, concurrency })
      // What is compiled and planned once is so before anything is measured.
      await ask(Math.min(requests, 300))
      const { perSecond, p50, p99 } = await ask(requests)
      say(`| ${name} | ${Math.round(perSecond)} | ${p50.toFixed(1)} | ${p99.toFixed(1)} |`)
    }
    say(`load average ${loadavg()[0]?.toFixed(1)}\n`)
    say('| Dashboard | requests/s | p50 ms | p99 ms |\n| --- | --- | --- | --- |')
    await measure('own profile, to compare with', 'student', school.studentIds, '/api/users/me')
    await measure('student', 'student', school.studentIds)
    await measure('parent of two', 'parent', school.parentIds)
    await measure('instructor', 'instructor', school.instructorIds)
    await measure('instructor of the most popular course', 'instructor', school.instructorIds.slice(0, 1))
    await measure('admin', 'admin', [school.adminId])
    await server.stop()
  } finally {
    await database.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function bearerOf(sub: string, role: Role): string {
  return createAccessTokens([secret], 3_600).issue({ sub, role, sid: newId() }, new Date()).token
}
