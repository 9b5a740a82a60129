import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openEmbedded } from '../src/platform/database/embedded.ts'
import { createLog } from '../src/platform/log.ts'
import { freePort, startServer } from '../test/support/server.ts'

/**
 * Exports the roster of a course with 200,000 students (or as many as the first argument says) as CSV, by HTTP from a real process,
 * and prints that process's resident memory before and at its peak. Twice: the first export warms the process up. Linux only.
 */
const students = Number(process.argv[2] ?? 200_000)
const admin = { email: 'admin@example.org', password: 'a long password' }
const mebibyte = 2 ** 20
const say = (line: string) => process.stdout.write(`${line}\n`)

const data = await mkdtemp(join(tmpdir(), 'lectern-bench-'))
const postgres = await openEmbedded({ dataDir: join(data, 'postgres'), log: createLog('warn') })
try {
  const port = await freePort()
  const env = { DATABASE_URL: postgres.url, ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password }
  const server = await startServer({ data, port, env })
  try {
    const { body: session } = await server.client.post('/api/auth/login', admin)
    const course = await server.client.as(session.accessToken).post('/api/courses', { title: 'Large' })
    await fill(course.body.id)
    say(`${students} students, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`)
    for (const turn of ['first export', 'second export']) {
      const { pid = 0 } = server.process
      const before = await resident(pid, 'VmRSS')
      // From here on the kernel counts the peak anew: proc(5), clear_refs.
      await writeFile(`/proc/${pid}/clear_refs`, '5')
      const started = performance.now()
      const { lines, bytes } = await download(
        `http://127.0.0.1:${port}/api/courses/${course.body.id}/enrollments`,
        session.accessToken,
      )
      const seconds = (performance.now() - started) / 1_000
      const peak = await resident(pid, 'VmHWM')
      if (lines !== students + 1) throw new Error(`${lines} lines came`)
      say(
        `${turn}: ${(bytes / mebibyte).toFixed(1)} MiB in ${seconds.toFixed(1)} s; resident before ${before.toFixed(0)} MiB, ` +
          `peak ${peak.toFixed(0)} MiB`,
      )
    }
  } finally {
    await server.stop()
  }
} finally {
  await postgres.stop()
  await rm(data, { recursive: true, force: true })
}

async function fill(courseId: string): Promise<void> {
  const client = new pg.Client(postgres.url)
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

/** In MiB, as the kernel says in `/proc/<pid>/status`. */
async function resident(pid: number, what: 'VmRSS' | 'VmHWM'): Promise<number> {
  const [, kibibytes] =
    new RegExp(`${what}:\\s+(\\d+) kB`).exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) / 1_024
}
