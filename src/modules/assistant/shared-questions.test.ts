import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ModelServer, openModelServer } from '../../../test/support/model-server.ts'
import { type Node, openNode } from '../../../test/support/node.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'

let server: ModelServer
let world: World
let node: Node
let course: MadeCourse
let students: readonly Person[]
beforeAll(async () => {
  server = await openModelServer()
  world = await createWorld({ env: { ...server.env, AI_DAILY_QUOTA: '100' } })
  node = await openNode(world)
  course = await makeCourse(world.deps, { sections: [[{ body: 'Git keeps snapshots, and nothing else.' }]] })
  students = await Promise.all(
    [1, 2, 3].map(async () => (await makeEnrollment(world.deps, { courseId: course.id })).student),
  )
})
afterAll(async () => {
  await node.close()
  await world.close()
  await server.close()
})

beforeEach(async () => {
  server.behave()
  await world.database.pool.query('delete from assistant_days; delete from assistant_outputs')
})

const body = () => ({ lessonId: course.lessonIds[0] })
const ask = (who: Person | undefined, { client }: Pick<World, 'client'> = world) =>
  client.as(who?.accessToken ?? '').post('/api/ai/summarize', body())

/** Holds up the model until told; resolves when it was asked. */
function heldModel() {
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<void>()
  server.meet(async () => {
    asked.resolve()
    await answer.promise
  })
  return { asked: asked.promise, answer: () => answer.resolve() }
}

/** How many came to ask since the last `statements.length = 0`. */
const came = ({ statements }: Pick<Node, 'statements'>): number =>
  statements.filter((text) => text.includes('insert into "assistant_asking"')).length
const usage = async () => {
  const { rows } = await world.database.pool.query(
    'select user_id, outcome, fault from assistant_usage order by id',
  )
  return rows
}

describe('the same question at the same moment', () => {
  it('is asked once, by the first; to the others its answer is one that was kept, and costs them nothing', async () => {
    const model = heldModel()
    const first = ask(students[0])
    await model.asked
    world.statements.length = 0
    const others = [ask(students[1]), ask(students[2]), ask(students[0])]
    await expect.poll(() => came(world)).toBe(3)
    model.answer()
    const answers = await Promise.all([first, ...others])
    expect(answers.map(({ status, body }) => [status, body.summary, body.cached])).toEqual([
      [200, 'What it says, in short.', false],
      ...others.map(() => [200, 'What it says, in short.', true]),
    ])
    expect(server.asked).toHaveLength(1)
    expect(await usage()).toEqual([{ user_id: students[0]?.id, outcome: 'answered', fault: null }])
    const { rows } = await world.database.pool.query('select from assistant_asking')
    expect(rows).toEqual([])
  })

  it('is asked once, however many ask at once on two nodes', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => ask(students[n % 3], n % 2 === 0 ? world : node)),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(answers.filter(({ body }) => body.cached === false)).toHaveLength(1)
    expect(server.asked).toHaveLength(1)
    expect(await usage()).toHaveLength(1)
  })

  it('on another node waits for the answer too, and has it as a stream where it wants one', async () => {
    const model = heldModel()
    const first = ask(students[0])
    await model.asked
    const before = came(node)
    const headers = { accept: 'text/event-stream' }
    const other = node.client
      .as(students[1]?.accessToken ?? '')
      .post('/api/ai/summarize', body(), { headers })
    await expect.poll(() => came(node)).toBe(before + 1)
    model.answer()
    expect((await first).body.cached).toBe(false)
    expect((await other).body).toContain('"cached":true')
    expect(server.asked).toHaveLength(1)
  })

  it('502 for all who wait where it fails: the model is not asked again for each of them', async () => {
    server.script({ status: 401 })
    const model = heldModel()
    const first = ask(students[0])
    await model.asked
    world.statements.length = 0
    const others = [ask(students[1]), ask(students[2])]
    await expect.poll(() => came(world)).toBe(2)
    model.answer()
    const answers = await Promise.all([first, ...others])
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [502, 'ai_failed']),
    )
    expect(server.asked).toHaveLength(1)
    expect(await usage()).toEqual([{ user_id: students[0]?.id, outcome: 'failed', fault: 'refused' }])
  })

  it('is asked by the next one where the first leaves', async () => {
    server.script('silent')
    const gone = new AbortController()
    const { promise: asked, resolve } = Promise.withResolvers<void>()
    server.meet(() => resolve())
    const first = fetch(`${world.url}/api/ai/summarize`, {
      method: 'POST',
      signal: gone.signal,
      headers: {
        authorization: `Bearer ${students[0]?.accessToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body()),
    }).catch(() => null)
    await asked
    world.statements.length = 0
    const other = ask(students[1])
    await expect.poll(() => came(world)).toBe(1)
    gone.abort()
    await first
    expect((await other).body).toMatchObject({ summary: 'What it says, in short.', cached: false })
    expect(await usage()).toEqual([
      { user_id: students[0]?.id, outcome: 'left', fault: null },
      { user_id: students[1]?.id, outcome: 'answered', fault: null },
    ])
  })

  it('is asked anew where a killed process holds it no longer', async () => {
    expect((await ask(students[0])).status).toBe(200)
    await world.database.pool.query(
      `insert into assistant_asking select key, (select id from assistant_usage), $1 from assistant_outputs`,
      [new Date(world.clock.now().getTime() - 1)],
    )
    await world.database.pool.query('delete from assistant_outputs')
    expect((await ask(students[1])).body).toMatchObject({ cached: false })
    const { rows } = await world.database.pool.query('select from assistant_asking')
    expect(rows).toEqual([])
  })

  it('asked for another draft: who wants a fresh one takes the one that is being made, and no older one', async () => {
    const admin = await makePerson(world.deps, { role: 'admin' })
    const draft = (fresh: boolean) =>
      world.client.as(admin.accessToken).post('/api/ai/quiz', { ...body(), count: 1, fresh })
    expect((await draft(false)).status).toBe(200)
    world.clock.advance({ seconds: 1 })
    const model = heldModel()
    const titled = JSON.stringify({
      title: 'Another',
      questions: [
        { type: 'true_false', text: 'Is it?', points: 1, answer: true, citation: 'Git keeps snapshots' },
      ],
    })
    server.script({ say: titled })
    const first = draft(true)
    await model.asked
    world.statements.length = 0
    const second = draft(true)
    await expect.poll(() => came(world)).toBe(1)
    model.answer()
    expect([(await first).body.title, (await second).body.title]).toEqual(['Another', 'Another'])
    expect(server.asked).toHaveLength(2)
  })
})
