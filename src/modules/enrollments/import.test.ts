import { Readable } from 'node:stream'
import { array, assert, asyncProperty, constantFrom, oneof, string, uint8Array } from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from './factory.ts'

let world: World
let owner: Person
let courseId: string
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  courseId = await newCourse()
})
afterAll(() => world.close())

const newCourse = async () =>
  (await makeCourse(world.deps, { owner, price: { amount: 49_900, currency: 'INR' } })).id
interface Sending {
  readonly by?: Person
  readonly course?: string
  readonly accept?: string
  readonly type?: string
  readonly key?: string
}
/** As the client sends it, without its dealing with JSON. */
async function send(body: string | Uint8Array | Readable, sending: Sending = {}) {
  const { by = owner, course = courseId, accept = 'application/json', type = 'text/csv', key } = sending
  const response = await fetch(`${world.url}/api/courses/${course}/enrollments/import`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${by.accessToken}`,
      'content-type': type,
      accept,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body instanceof Readable
      ? { body: Readable.toWeb(body) as ReadableStream, duplex: 'half' }
      : { body: body as string }),
  })
  const text = await response.text()
  const json = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, body: json ? JSON.parse(text) : text }
}
async function count(statement: string, ...values: unknown[]): Promise<number> {
  const { rows } = await world.database.pool.query(statement, values)
  return Number(rows[0].count)
}
const people = (howMany: number) => Promise.all(Array.from({ length: howMany }, () => makePerson(world.deps)))
/** People by the thousand, without their sign-in. */
async function crowd(howMany: number): Promise<string[]> {
  const { rows } = await world.database.pool.query(
    `insert into users (id, email, name, role, created_at, updated_at)
     select gen_random_uuid(), gen_random_uuid() || '@example.org', 'Crowd', 'student', now(), now()
     from generate_series(1, $1) returning email`,
    [howMany],
  )
  return rows.map((row: { email: string }) => row.email)
}

describe('POST /courses/:id/enrollments/import', () => {
  it('200: a row per line, with its number and what became of it', async () => {
    const [asha, ben, cleo] = (await people(3)) as [Person, Person, Person]
    const paid = await makeEnrollment(world.deps, { courseId })
    const pending = await makeEnrollment(world.deps, { courseId, status: 'pending' })
    const csv = [
      '\ufeffName, EMAIL ,note',
      `"Rao, Asha",${asha.email}`,
      '',
      `Ben,"${ben.email.toUpperCase()}",x,y`,
      `Asha again,${asha.email}`,
      `Paid,${paid.student.email}`,
      `Pending,${pending.student.email}`,
      'Nobody,nobody@example.org',
      'Broken,"no end',
      'No address,',
      'Wrong,not an address',
      `Cleo,${cleo.email}`,
    ].join('\r\n')
    const { status, body } = await send(csv)
    expect(status).toBe(200)
    const line = (line: number, outcome: string, email: unknown = expect.any(String)) => ({
      line,
      email,
      outcome,
      ...(outcome.endsWith('enrolled') ? {} : { message: expect.any(String) }),
    })
    expect(body).toEqual({
      rows: [
        line(2, 'enrolled', asha.email),
        line(4, 'enrolled', ben.email.toUpperCase()),
        line(5, 'already_enrolled', asha.email),
        line(6, 'already_enrolled'),
        line(7, 'enrolled'),
        line(8, 'unknown_person', 'nobody@example.org'),
        line(9, 'invalid', ''),
        line(10, 'invalid', ''),
        line(11, 'invalid', 'not an address'),
        line(12, 'enrolled', cleo.email),
      ],
      totals: { lines: 10, enrolled: 4, alreadyEnrolled: 2, unknownPerson: 1, invalid: 3 },
    })
    const { rows } = await world.database.pool.query(
      `select h.from_status, h.to_status, h.user_id, h.reason, e.status, e.source from enrollments e
       join enrollment_history h on h.enrollment_id = e.id where e.user_id = $1`,
      [asha.id],
    )
    expect(rows).toEqual([
      {
        from_status: null,
        to_status: 'active',
        user_id: owner.id,
        reason: 'imported',
        status: 'active',
        source: 'import',
      },
    ])
    const { rows: live } = await world.database.pool.query(
      'select source from enrollment_entitlements where enrollment_id = $1 order by source',
      [paid.id],
    )
    expect(live).toEqual([{ source: 'purchase' }, { source: 'import' }])
    const { rows: facts } = await world.database.pool.query(
      `select type from events where payload->>'userId' = $1 and type like 'enrollment.%' order by id`,
      [ben.id],
    )
    expect(facts).toEqual([{ type: 'enrollment.created' }, { type: 'enrollment.activated' }])
    await world.drain()
  })

  it('200: sent again it changes nothing; the statements do not grow with the lines', async () => {
    const course = await newCourse()
    const emails = await crowd(1_200)
    const csv = `email\n${emails.join('\n')}\n`
    world.statements.length = 0
    const first = await send(csv, { course })
    expect(first.body.totals).toMatchObject({ lines: 1_200, enrolled: 1_200 })
    expect(first.body.rows.at(-1).line).toBe(1_201)
    expect(world.statements.length).toBeLessThan(40)
    const sums = async () =>
      Promise.all(
        ['enrollments', 'enrollment_history', 'enrollment_entitlements', 'events'].map((table) =>
          count(`select count(*) from ${table}`),
        ),
      )
    const before = await sums()
    const again = await send(csv, { course })
    expect(again.body.totals).toMatchObject({ lines: 1_200, enrolled: 0, alreadyEnrolled: 1_200 })
    expect(await sums()).toEqual(before)
  })

  it('200 twice: the same file at the same moment enrolls each person once', async () => {
    const course = await newCourse()
    const emails = await crowd(600)
    const [one, two] = await Promise.all([
      send(`email\n${emails.join('\n')}`, { course }),
      send(`email\n${emails.toReversed().join('\n')}`, { course }),
    ])
    expect(one.status + two.status).toBe(400)
    expect(one.body.totals.enrolled + two.body.totals.enrolled).toBe(600)
    expect(await count('select count(*) from enrollments where course_id = $1', course)).toBe(600)
  })

  it('200: as CSV with Accept: text/csv, in which no cell starts a formula', async () => {
    const [asha] = (await people(1)) as [Person]
    const answer = await send(`email\n${asha.email}\n=cmd@example.org\n`, { accept: 'text/csv' })
    expect(answer.status).toBe(200)
    expect(answer.body.split('\r\n')).toEqual([
      'line,email,outcome,message',
      `2,${asha.email},enrolled,`,
      "3,'=cmd@example.org,unknown_person,Nobody has registered with this address.",
      '',
    ])
  })

  it('200: a line that is too long says so, and the rest goes on', async () => {
    const [asha] = (await people(1)) as [Person]
    const { body } = await send(`email\n${'x'.repeat(100_000)}\n${asha.email}`)
    expect(body.rows).toMatchObject([
      { line: 2, outcome: 'invalid', email: '' },
      { line: 3, outcome: 'enrolled' },
    ])
  })

  it.each([
    ['', 1],
    ['\n\nname\nAsha', 3],
    ['asha@example.org', 1],
    ['email,Email\na@b,c@d', 1],
    ['"email\na@b', 1],
    [Buffer.from('email\na@b', 'utf16le'), 1],
    [`email${' '.repeat(20_000)}`, 1],
  ])('400: %j cannot be read, and line %i is named', async (csv, line) => {
    expect(await send(csv)).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ path: `/lines/${line}` }] },
    })
  })

  it('413: more than 20 MB, told or not, and nothing is changed', async () => {
    const [asha] = (await people(1)) as [Person]
    const head = `email\n${asha.email}\n`
    const block = 'nobody@example.org\n'.repeat(60_000)
    expect((await send(head + block.repeat(20))).status).toBe(413)
    const endless = Readable.from(
      (function* () {
        yield head
        for (let n = 0; n < 20; n++) yield block
      })(),
    )
    expect((await send(endless)).status).toBe(413)
    expect(await count('select count(*) from enrollments where user_id = $1', asha.id)).toBe(0)
  })

  it('415: anything but CSV', async () => {
    expect((await send('{}', { type: 'application/json' })).status).toBe(415)
    expect((await send('email', { type: 'text/plain' })).status).toBe(415)
  })

  it('401, 403, 404: nobody but the owners, and a draft is nothing to others', async () => {
    const student = await makePerson(world.deps)
    const rival = await makePerson(world.deps, { role: 'instructor' })
    const draft = await makeCourse(world.deps, { owner, published: false })
    const nobody = { ...student, accessToken: 'x' }
    expect((await send('email\n', { by: nobody })).status).toBe(401)
    expect((await send('email\n', { by: student })).status).toBe(403)
    expect((await send('email\n', { by: rival })).status).toBe(403)
    expect((await send('email\n', { by: rival, course: draft.id })).status).toBe(404)
    expect((await send('email\n', { course: newId() })).status).toBe(404)
    expect((await send('email\n', { course: draft.id })).status).toBe(200)
  })

  it('409 course_closed: an archived course takes nobody in', async () => {
    const course = await newCourse()
    await makeEnrollment(world.deps, { courseId: course })
    await world.client.as(owner.accessToken).delete(`/api/courses/${course}`)
    const answer = await send('email\n', { course })
    expect(answer).toMatchObject({ status: 409, body: { code: 'course_closed' } })
  })

  it('a report or a 4xx, whatever the bytes', { timeout: 60_000 }, async () => {
    const before = await count('select count(*) from enrollments')
    const piece = constantFrom('email', ',', '"', '\n', '\r', '\ufeff', '@', '\0', 'a@b', '=', 'é', '\ud800')
    const csvish = array(piece, { maxLength: 40 }).map((pieces) => `email,name\n${pieces.join('')}`)
    const bytes = oneof(uint8Array({ maxLength: 400 }), csvish, string({ unit: 'binary', maxLength: 100 }))
    await assert(
      asyncProperty(bytes, async (body) => {
        const { status, body: answer } = await send(body as string)
        if (status === 200) {
          const { rows, totals } = answer
          expect(totals.lines).toBe(rows.length)
          expect(totals.invalid + totals.unknownPerson).toBe(rows.length)
        } else expect(status).toBe(400)
      }),
      { numRuns: 300 },
    )
    expect(await count('select count(*) from enrollments')).toBe(before)
  })
})

describe('POST /courses/:id/enrollments/import with an Idempotency-Key', () => {
  const csvOf = (emails: readonly string[]) => `email\n${emails.join('\n')}\n`

  it('200: the first report for the same file, in whatever form, also when the course has closed', async () => {
    const course = await newCourse()
    const csv = csvOf([...(await crowd(1_100)), 'nobody@example.org', `${'x'.repeat(318)}\u{1f600} @`])
    const sending = { course, key: newId() }
    const first = await send(csv, sending)
    expect(first.body.totals).toEqual({
      lines: 1_102,
      enrolled: 1_100,
      alreadyEnrolled: 0,
      unknownPerson: 1,
      invalid: 1,
    })
    expect(await send(csv, sending)).toEqual(first)
    await world.client.as(owner.accessToken).delete(`/api/courses/${course}`)
    const asCsv = await send(csv, { ...sending, accept: 'text/csv' })
    expect(asCsv.body.split('\r\n')).toHaveLength(1_104)
    expect(asCsv.body).not.toContain('already_enrolled')
    expect(await send(csv, { course, key: newId() })).toMatchObject({ status: 409 })
  })

  it('409 idempotency_mismatch: another file, another course, another request; nothing is changed', async () => {
    const [one, other] = (await crowd(2)) as [string, string]
    const sending = { course: await newCourse(), key: newId() }
    expect((await send(csvOf([one]), sending)).status).toBe(200)
    const elsewhere = { ...sending, course: await newCourse() }
    for (const answer of [await send(csvOf([other]), sending), await send(csvOf([one]), elsewhere)])
      expect(answer).toMatchObject({ status: 409, body: { code: 'idempotency_mismatch' } })
    const grant = await world.client
      .as(owner.accessToken)
      .post('/api/enrollments', { courseId: sending.course }, { headers: { 'idempotency-key': sending.key } })
    expect(grant).toMatchObject({ status: 409, body: { code: 'idempotency_mismatch' } })
    const courses = [sending.course, elsewhere.course]
    expect(await count('select count(*) from enrollments where course_id = any($1)', courses)).toBe(1)
  })

  it('200 each: sent five times at one moment it is done once, and all get the one report', async () => {
    const sending = { course: await newCourse(), key: newId() }
    const csv = csvOf(await crowd(700))
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(csv, sending)))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0]?.body.totals).toMatchObject({ enrolled: 700 })
    const facts = `select count(*) from events where type = 'enrollment.created' and payload->>'courseId' = $1`
    expect(await count(facts, sending.course)).toBe(700)
  })

  it('400, then 200: what was refused has not used the key up', async () => {
    const sending = { course: await newCourse(), key: newId() }
    expect((await send('name\nAsha\n', sending)).status).toBe(400)
    expect((await send(csvOf(await crowd(1)), sending)).body.totals).toMatchObject({ enrolled: 1 })
  })

  it.each([
    ['1 MB', `email\n${'nobody@example.org\n'.repeat(56_000)}`],
    ['10,000 people', `email\n${'a@b\n'.repeat(10_001)}`],
  ])('413: more than %s', async (_what, csv) => {
    expect((await send(csv, { key: newId() })).status).toBe(413)
  })
})
