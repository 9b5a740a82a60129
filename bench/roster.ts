import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openEmbedded } from '../src/platform/database/embedded.ts'
import { createLog } from '../src/platform/log.ts'
import { freePort, startServer } from '../test/support/server.ts'
import { describeMachine, residentMb, say } from './process.ts'

const admin = { email: 'admin@example.org', password: 'a long password' }
const mebibyte = 2 ** 20

export interface RosterFigures {
  readonly mebibytes: number
  readonly seconds: number
  /** Resident MiB of the server, before the export and at its peak. */
  readonly before: number
  readonly peak: number
}

/** Exports the roster of a course with so many students as CSV, twice, by HTTP from a real process: the first warms it up. Linux only. */
export async function measureRoster(students: number): Promise<RosterFigures[]> {
  const data = await mkdtemp(join(tmpdir(), 'lectern-bench-'))
  const postgres = await openEmbedded({ dataDir: join(data, 'postgres'), log: createLog('warn') })
  try {
    const port = await freePort()
    const env = { DATABASE_URL: postgres.url, ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password }
    const server = await startServer({ data, port, env })
    try {
      const { body: session } = await server.client.post('/api/auth/login', admin)
      const course = await server.client.as(session.accessToken).post('/api/courses', { title: 'Large' })
      await fill(postgres.url, course.body.id, students)
      const exports: RosterFigures[] = []
      for (let turn = 0; turn < 2; turn++) {
        const { pid } = server.process
        const before = await residentMb(pid)
        // From here on the kernel counts the peak anew: proc(5), clear_refs.
        await writeFile(`/proc/${pid}/clear_refs`, '5')
        const started = performance.now()
        const { lines, bytes } = await download(
          `http://127.0.0.1:${port}/api/courses/${course.body.id}/enrollments`,
          session.accessToken,
        )
        const seconds = (performance.now() - started) / 1_000
        if (lines !== students + 1) throw new Error(`${lines} lines came`)
        exports.push({ mebibytes: bytes / mebibyte, seconds, before, peak: await residentMb(pid, 'VmHWM') })
      }
      return exports
    } finally {
      await server.stop()
    }
  } finally {
    await postgres.stop()
    await rm(data, { recursive: true, force: true })
  }
}

async function fill(url: string, courseId: string, students: number): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(
    `with people as (
       insert into users (id, email, name, role, created_at, updated_at)
       select uuidv7(), 'student' || n || '@example.org', 'Student ' || n, 'student', now(), now()
       from generate_series(1, $2::int) as n returning id
     ), enrolled as (
       insert into enrollments (id, course_id, user_id, status, source, created_at, activated_at)
       select uuidv7(), $1, id, 'active', 'grant', now(), now() from people returning id
     )
     insert into enrollment_entitlements (id, enrollment_id, source, granted_at)
     select uuidv7(), id, 'grant', now() from enrolled`,
    [courseId, students],
  )
  await client.query('vacuum analyze users, enrollments, enrollment_entitlements')
  await client.end()
}

async function download(url: string, token: string): Promise<{ lines: number; bytes: number }> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}`, accept: 'text/csv' } })
  if (!answer.ok || !answer.body) throw new Error(`the export answered ${answer.status}`)
  let lines = 0
  let bytes = 0
  for await (const chunk of answer.body) {
    bytes += chunk.length
    for (const byte of chunk) if (byte === 10) lines++
  }
  return { lines, bytes }
}

/** `node bench/roster.ts [students]`: 200,000 if nothing else is said. */
if (import.meta.main) {
  const students = Number(process.argv[2] ?? 200_000)
  say(`${students} students, ${describeMachine()}`)
  for (const { mebibytes, seconds, before, peak } of await measureRoster(students))
    say(
      `${mebibytes.toFixed(1)} MiB in ${seconds.toFixed(1)} s; resident before ${before.toFixed(0)} MiB, peak ${peak.toFixed(0)} MiB`,
    )
}
