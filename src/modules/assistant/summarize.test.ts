import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { type ModelServer, openModelServer, spent, type Turn } from '../../../test/support/model-server.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { createOpenAiModel } from '../../platform/model/openai-compatible.ts'
import { makePerson } from '../accounts/factory.ts'
import { type MadeCourse, makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'

let server: ModelServer
let world: World
beforeAll(async () => {
  server = await openModelServer()
  const { url: baseUrl, key: apiKey, model: name, env } = server
  const limits = { longestMs: 2_000, mostBytes: 1_000_000 }
  const model = createOpenAiModel({ baseUrl, apiKey, model: name, ...limits })
  world = await createWorld({ env, model })
})
afterAll(async () => {
  await world.close()
  await server.close()
})

let course: MadeCourse
let student: Client
let nth: (index: number) => { lessonId: string }
beforeEach(async () => {
  server.behave()
  // Its own text each time, since outputs are kept by what they were made of.
  const body = `Git keeps snapshots, number ${Math.random()}. See https://git-scm.com/docs for more.`
  const lessons = [{ body }, { body: `Second. ${body}` }, { type: 'video' as const, body: null }]
  course = await makeCourse(world.deps, { sections: [lessons], sequential: true })
  nth = (index) => ({ lessonId: course.lessonIds[index] ?? '' })
  student = await enrolled()
})

async function enrolled(): Promise<Client> {
  const made = await makeEnrollment(world.deps, { courseId: course.id })
  return world.client.as(made.student.accessToken)
}
const owner = () => world.client.as(course.owner.accessToken)
const stranger = async () => world.client.as((await makePerson(world.deps)).accessToken)
const summarize = (client = student, body: object = nth(0)) => client.post('/api/ai/summarize', body)

interface Streamed {
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: as the answers of the client
  readonly data: any
}

async function stream(client = student): Promise<{ status: number; type: string; events: Streamed[] }> {
  const headers = { accept: 'text/event-stream' }
  const { status, body, headers: sent } = await client.post('/api/ai/summarize', nth(0), { headers })
  const type = sent.get('content-type') ?? ''
  if (typeof body !== 'string') return { status, type, events: [{ name: 'problem', data: body }] }
  const events = body.split('\n\n').filter((text) => text !== '')
  return {
    status,
    type,
    events: events.map((text) => {
      const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(text) ?? []
      return { name, data: JSON.parse(data) }
    }),
  }
}
const textOf = (events: readonly Streamed[]) =>
  events.flatMap(({ name, data }) => (name === 'delta' ? data.text : [])).join('')

describe('POST /ai/summarize', () => {
  it('200: the summary, and what it took', async () => {
    const { status, body } = await summarize()
    expect(status).toBe(200)
    expect(body).toEqual({
      ...nth(0),
      summary: 'What it says, in short.',
      cached: false,
      usage: { inputTokens: spent.prompt_tokens, outputTokens: spent.completion_tokens },
    })
  })

  it('200 for the second who asks: kept, at no cost, until the lesson says something else', async () => {
    await summarize()
    const again = await summarize(await enrolled())
    expect(again.body).toMatchObject({ cached: true, usage: { inputTokens: 0, outputTokens: 0 } })
    expect(again.body.summary).toBe('What it says, in short.')
    expect(server.asked).toHaveLength(1)
    await owner().patch(`/api/lessons/${nth(0).lessonId}`, { body: 'It was all different.' })
    expect((await summarize()).body.cached).toBe(false)
    expect(server.asked).toHaveLength(2)
  })

  it('200 for owners, and for everybody signed in where the lesson is a preview', async () => {
    expect((await summarize(owner())).status).toBe(200)
    await owner().patch(`/api/lessons/${nth(1).lessonId}`, { preview: true })
    expect((await summarize(await stranger(), nth(1))).status).toBe(200)
    expect((await summarize(world.client, nth(1))).status).toBe(401)
  })

  it('403 and 404: as the lesson itself', async () => {
    expect((await summarize(await stranger())).body.code).toBe('not_enrolled')
    expect((await summarize(student, nth(1))).body).toMatchObject({ status: 403, code: 'lesson_locked' })
    expect((await summarize(student, { lessonId: course.id })).status).toBe(404)
    await owner().post(`/api/courses/${course.id}/unpublish`)
    expect((await summarize(await stranger())).status).toBe(404)
    expect(server.asked).toEqual([])
  })

  it('400: a body that is none', async () => {
    for (const body of [{}, { lessonId: 'x' }, { ...nth(0), style: 'short' }])
      expect((await summarize(student, body)).body.code).toBe('validation_failed')
  })

  it('409 lesson_without_text; lesson_too_long', async () => {
    expect((await summarize(owner(), nth(2))).body).toMatchObject({
      status: 409,
      code: 'lesson_without_text',
    })
    await owner().patch(`/api/lessons/${nth(0).lessonId}`, { body: 'a '.repeat(60_000) })
    expect((await summarize()).body).toMatchObject({ status: 409, code: 'lesson_too_long' })
    expect(server.asked).toEqual([])
  })

  it.each<Turn>([
    'silent',
    'truncated',
    'lost',
    'reset',
    'garbage',
    'page',
    'tool',
    { status: 500 },
    { say: '' },
  ])('200 where the model does it better the second time: after %o', async (turn) => {
    server.script(turn)
    expect((await summarize()).body.summary).toBe('What it says, in short.')
    expect(server.asked).toHaveLength(2)
  })

  it.each<Turn>([
    'truncated',
    'garbage',
    'endless',
    { status: 503 },
    { say: 'See https://evil.example/login for more.' },
    { say: 'Look <img src=x onerror=alert(1)> here.' },
    { say: 'Left\u202eright.' },
    { say: 'Half a pair: \ud83d.' },
    { say: ' \n ' },
  ])('502 ai_failed where it fails twice, and nothing of it is shown: %o', async (turn) => {
    server.script(turn, turn)
    const { status, body } = await summarize()
    expect({ status, code: body.code }).toEqual({ status: 502, code: 'ai_failed' })
    expect(JSON.stringify(body)).not.toMatch(/evil|img|SECRET|and on|first words/)
    expect(server.asked).toHaveLength(2)
    // It is not kept either.
    expect((await summarize()).body.cached).toBe(false)
  })

  it('502 ai_failed with Retry-After, at once, where the service is busy', async () => {
    server.script({ status: 429, headers: { 'retry-after': '17' } })
    const { status, headers } = await summarize()
    expect({ status, wait: headers.get('retry-after') }).toEqual({ status: 502, wait: '17' })
    expect(server.asked).toHaveLength(1)
  })

  it('502 ai_failed, at once, where it takes no request of ours', async () => {
    server.script({ status: 401 })
    expect((await summarize()).status).toBe(502)
    expect(server.asked).toHaveLength(1)
  })

  it('200: an address that the lesson has may be said', async () => {
    server.script({ say: 'All of it stands at https://git-scm.com/docs.' })
    expect((await summarize()).body.summary).toContain('https://git-scm.com/docs')
  })

  it('gives it up when nobody waits any more', async () => {
    server.script('stalled', 'stalled')
    const gone = new AbortController()
    server.meet(() => gone.abort())
    const { lessonId } = nth(0)
    const person = await makeEnrollment(world.deps, { courseId: course.id })
    const asked = fetch(`${world.url}/api/ai/summarize`, {
      method: 'POST',
      signal: gone.signal,
      headers: { authorization: `Bearer ${person.student.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ lessonId }),
    })
    await expect(asked).rejects.toThrow()
    await server.asked[0]?.hungUp
    expect(server.asked).toHaveLength(1)
  })
})

describe('POST /ai/summarize with Accept: text/event-stream', () => {
  it('200: as it is written, and the whole at the end', async () => {
    const { status, type, events } = await stream()
    expect({ status, type }).toEqual({ status: 200, type: 'text/event-stream' })
    expect(events.filter(({ name }) => name === 'delta').length).toBeGreaterThan(2)
    expect(textOf(events)).toBe('What it says, in short.')
    expect(events.at(-1)).toMatchObject({ name: 'done', data: { ...nth(0), cached: false } })
    expect(events.at(-1)?.data).toMatchObject({ summary: 'What it says, in short.' })
  })

  it('200: what is kept comes at once', async () => {
    await summarize()
    const { events } = await stream()
    expect(events.map(({ name }) => name)).toEqual(['delta', 'done'])
    expect(events.at(-1)?.data.cached).toBe(true)
  })

  it('200: what was begun and failed is void, and it begins again', async () => {
    server.script('truncated')
    const { events } = await stream()
    const restart = events.findIndex(({ name }) => name === 'restart')
    expect(textOf(events.slice(0, restart))).toBe('The first words ')
    expect(textOf(events.slice(restart))).toBe('What it says, in short.')
    expect(events.at(-1)?.name).toBe('done')
  })

  it('200, then the event error with a problem, where it fails twice', async () => {
    server.script('truncated', 'lost')
    const { events } = await stream()
    expect(events.at(-1)).toMatchObject({ name: 'error', data: { status: 502, code: 'ai_failed' } })
    expect(events.at(-1)?.data.requestId).toMatch(/^[\da-f-]{36}$/)
  })

  it('502, 409 and 404 with their status, where nothing was said yet', async () => {
    server.script({ status: 500 }, 'reset')
    expect((await stream()).status).toBe(502)
    const client = await stranger()
    expect((await stream(client)).status).toBe(403)
  })

  it('never shows a part of an address that comes from nowhere', async () => {
    const turn = { say: ['Go to ', 'htt', 'ps://evil', '.example', '/login now', ' or later.'] }
    server.script(turn, turn)
    const { events } = await stream()
    expect(textOf(events)).toBe('Go to Go to ')
    expect(events.at(-1)?.name).toBe('error')
  })

  it('gives the model up when the reader goes', async () => {
    server.script('stalled')
    const person = await makeEnrollment(world.deps, { courseId: course.id })
    const gone = new AbortController()
    const response = await fetch(`${world.url}/api/ai/summarize`, {
      method: 'POST',
      signal: gone.signal,
      headers: {
        authorization: `Bearer ${person.student.accessToken}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
      },
      body: JSON.stringify(nth(0)),
    })
    const first = await response.body?.getReader().read()
    expect(Buffer.from(first?.value ?? []).toString()).toContain('The first words')
    gone.abort()
    await server.asked[0]?.hungUp
    expect(server.asked).toHaveLength(1)
  })
})

describe('a stream on which nothing is said for long', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Of a student's own; what comes is read piece by piece. */
  async function open(): Promise<{
    status: number
    read: () => Promise<string>
    rest: () => Promise<string>
  }> {
    const { student } = await makeEnrollment(world.deps, { courseId: course.id })
    const answering = fetch(`${world.url}/api/ai/summarize`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${student.accessToken}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
      },
      body: JSON.stringify(nth(0)),
    })
    await expect.poll(() => server.asked.length).toBe(1)
    vi.advanceTimersByTime(15_000)
    const { status, body } = await answering
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
    const read = async () => (await reader?.read())?.value ?? ''
    const rest = async () => {
      let all = ''
      for (let piece = await read(); piece !== ''; piece = await read()) all += piece
      return all
    }
    return { status, read, rest }
  }

  it('has a comment every 15 seconds before the first word, and between words', async () => {
    const held = Promise.withResolvers<void>()
    server.script('stalled')
    server.meet(() => held.promise)
    const { status, read } = await open()
    expect([status, await read()]).toEqual([200, ': still at work\n\n'])
    vi.advanceTimersByTime(15_000)
    expect(await read()).toBe(': still at work\n\n')
    held.resolve()
    expect(await read()).toMatch(/^event: delta\ndata: .*The first words/)
    vi.advanceTimersByTime(15_000)
    expect(await read()).toBe(': still at work\n\n')
  })

  it('says by an event what would have been a status before', async () => {
    const held = Promise.withResolvers<void>()
    server.script({ status: 401 })
    server.meet(() => held.promise)
    const { status, rest } = await open()
    held.resolve()
    expect(status).toBe(200)
    expect(await rest()).toMatch(
      /^: still at work\n\nevent: error\ndata: \{.*"status":502,"code":"ai_failed"/,
    )
  })
})

describe('without a model', () => {
  it('503 ai_not_configured on each route, whatever is asked about', async () => {
    const bare = await createWorld()
    try {
      const teacher = await makePerson(bare.deps, { role: 'instructor' })
      const client = bare.client.as(teacher.accessToken)
      const id = teacher.id
      const answers = [
        await client.post('/api/ai/summarize', { lessonId: id }),
        await client.post('/api/ai/quiz', { lessonId: id, count: 3 }),
        await client.post('/api/ai/feedback', { courseId: id }),
      ]
      for (const { body } of answers) expect(body).toMatchObject({ status: 503, code: 'ai_not_configured' })
    } finally {
      await bare.close()
    }
  })
})
