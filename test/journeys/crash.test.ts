import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort, startServer } from '../support/server.ts'

let data: string
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'lectern crash-'))
})
afterAll(() => rm(data, { recursive: true, force: true }))

const instructor = {
  email: 'ines@example.org',
  password: 'a long password',
  name: 'Inês',
  role: 'instructor',
}
const rounds = 10
const writesPerRound = 30

it('kill -9 during a stream of writes, ten times, of the server or of the database too: every acknowledged write is there', {
  timeout: 180_000,
}, async () => {
  const port = await freePort()
  const acknowledged: string[] = []
  for (let round = 0; round < rounds; round++) {
    const server = await startServer({ data, port })
    const { body } =
      round === 0
        ? await server.client.post('/api/auth/register', instructor)
        : await server.client.post('/api/auth/login', {
            email: instructor.email,
            password: instructor.password,
          })
    const client = server.client.as(body.accessToken)
    let writing = true
    const stream = Promise.all(
      [1, 2, 3, 4].map(async () => {
        while (writing) {
          const answer = await client.post('/api/courses', { title: `Course ${round}` }).catch(() => null)
          if (answer?.status !== 201) return
          acknowledged.push(answer.body.id)
          // Killed while the other three are in the midst of their writes.
          if (acknowledged.length >= (round + 1) * writesPerRound && writing) {
            writing = false
            if (round % 2 === 1) process.kill(await postmaster(), 'SIGKILL')
            await server.kill()
          }
        }
      }),
    )
    await stream
  }

  const server = await startServer({ data, port })
  const { body } = await server.client.post('/api/auth/login', {
    email: instructor.email,
    password: instructor.password,
  })
  const client = server.client.as(body.accessToken)
  const found = new Set<string>()
  for (let cursor = ''; ; ) {
    const page = await client.get(`/api/courses/mine?limit=100${cursor && `&cursor=${cursor}`}`)
    for (const course of page.body.items) found.add(course.id)
    cursor = page.body.nextCursor
    if (!cursor) break
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(rounds * writesPerRound)
  expect(acknowledged.filter((id) => !found.has(id))).toEqual([])
  expect(await server.stop()).toBe(0)
})

/** The first line of postmaster.pid is the process id (PostgreSQL source, miscadmin.h). */
async function postmaster(): Promise<number> {
  return Number((await readFile(join(data, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0])
}
