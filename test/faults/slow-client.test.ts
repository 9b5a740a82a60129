import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import { createAuthenticate } from '../../src/modules/accounts/index.ts'
import { anyone } from '../../src/platform/http/policy.ts'
import { createHttp } from '../../src/platform/http/server.ts'
import { endStalledAnswers } from '../../src/platform/http/stalled-answers.ts'
import { type Node, openNode } from '../support/node.ts'
import { createWorld, type World } from '../support/world.ts'

const connections = 2
/** More than the node has connections. */
const clients = 6
const auditRows = 3_000
let world: World
let node: Node
let admin: Person
let teacher: Person
const sockets: Socket[] = []
beforeAll(async () => {
  world = await createWorld()
  node = await openNode(world, { connections, patience: { connectionMs: 60_000 } })
  admin = await makePerson(world.deps, { role: 'admin' })
  teacher = await makePerson(world.deps, { role: 'instructor' })
  // 15 MB as CSV: more than lies on the way to a client that does not read.
  await world.database.pool.query(
    `insert into events (id, type, user_id, occurred_at, payload, audited, subject_type, subjects)
     select uuidv7(), 'user.updated', $1, date_trunc('milliseconds', now()), jsonb_build_object('note', repeat('x', 5000)), true, 'user', array['x']
     from generate_series(1, $2::int)`,
    [admin.id, auditRows],
  )
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await node.close()
  await world.close()
})

/** A client that has asked for something, and sent as much of its body. */
async function send({ accessToken }: Person, head: string, body = ''): Promise<Socket> {
  const socket = connect(Number(new URL(node.url).port), '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(
    `${head}\r\nhost: x\r\nauthorization: Bearer ${accessToken}\r\nconnection: close\r\n\r\n${body}`,
  )
  return socket
}

const each = <T>(make: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: clients }, (_, n) => make(n)))
const listCourses = () => node.client.as(teacher.accessToken).get('/api/courses/mine')

/** Nothing of the database is held by a request. */
async function expectNothingHeld(): Promise<void> {
  const { pool } = node.database
  await expect.poll(() => pool.totalCount - pool.idleCount + pool.waitingCount).toBe(0)
  const { rows } = await world.database.pool.query(
    `select query from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
  )
  expect(rows).toEqual([])
}

it('clients that stall in the midst of their bodies hold no connection; what they send later is taken', async () => {
  const body = JSON.stringify({ title: 'Sent in two halves' })
  const head = `POST /api/courses HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`
  const stalled = await each(() => send(teacher, head, body.slice(0, 10)))
  expect((await listCourses()).status).toBe(200)
  await expectNothingHeld()
  const answers = stalled.map(async (socket) => {
    socket.write(body.slice(10))
    return (await socket.toArray()).join('')
  })
  for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1\.1 201 /)
  expect((await listCourses()).body.items).toHaveLength(clients)
})

it('clients that stall in the midst of an upload hold no connection; it goes on, or leaves nothing', async () => {
  const rowsOf = async () =>
    (await world.database.pool.query('select status from media where user_id = $1', [teacher.id])).rows
  const form = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
  const text = 'A line of notes.\n'.repeat(5_000)
  const end = '\r\n--x--\r\n'
  const length = form.length + text.length + end.length
  const head = `POST /api/media HTTP/1.1\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: ${length}`
  const stalled = await each(() => send(teacher, head, form + text.slice(0, 70_000)))
  await expect.poll(async () => (await rowsOf()).length).toBe(clients)
  expect((await listCourses()).status).toBe(200)
  await expectNothingHeld()
  const [whole, ...cut] = stalled
  for (const socket of cut) socket.destroy()
  whole?.write(text.slice(70_000) + end)
  expect((await whole?.toArray())?.join('')).toMatch(/^HTTP\/1\.1 201 /)
  await expect.poll(rowsOf).toEqual([{ status: 'ready' }])
})

it('clients that stall in the midst of an export hold no connection; who reads on gets all of it', async () => {
  const stalled = await each(() => send(admin, 'GET /api/admin/audit HTTP/1.1\r\naccept: text/csv'))
  for (const socket of stalled) {
    await once(socket, 'readable')
    expect(String(socket.read(15))).toBe('HTTP/1.1 200 OK')
  }
  await expectNothingHeld()
  expect((await listCourses()).status).toBe(200)
  const [patient, ...others] = stalled
  for (const socket of others) socket.destroy()
  let [lines, rest] = [0, '']
  for await (const chunk of patient ?? []) {
    lines += String(chunk).split('"{""note"":').length - 1
    rest = (rest + String(chunk)).slice(-20)
  }
  // A cut between two chunks may hide one.
  expect(lines).toBeGreaterThan(auditRows - 50)
  expect(rest).toMatch(/\r\n0\r\n\r\n$/)
  await expectNothingHeld()
})

it('a client that takes nothing of its answer for two minutes loses its connection, and what writes the answer ends', async () => {
  const app = await createHttp(world.deps, createAuthenticate(world.deps))
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  let usual: number | undefined
  app.addHook('onSend', async ({ socket }) => {
    usual = socket.timeout
  })
  // As the program does it, sooner.
  app.addHook('onSend', endStalledAnswers(200))
  async function* endless() {
    try {
      for (;;) yield 'x'.repeat(100_000)
    } finally {
      end()
    }
  }
  const schema = { response: { 200: Type.Unsafe<Readable>({}) } }
  app.get('/endless', { config: { policy: anyone }, schema }, () => Readable.from(endless()))
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('GET /endless HTTP/1.1\r\nhost: x\r\n\r\n')
  await ended
  expect(usual).toBe(120_000)
  socket.destroy()
  await app.close()
})
