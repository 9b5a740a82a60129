import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ModelServer, openModelServer, spent } from '../../../test/support/model-server.ts'
import { ModelFailure, type ModelRequest } from './model.ts'
import { createOpenAiModel, type OpenAiSettings } from './openai-compatible.ts'

let server: ModelServer
beforeAll(async () => {
  server = await openModelServer()
})
afterAll(() => server.close())
beforeEach(() => server.behave())

const mark = 'f'.repeat(32)
const request = {
  instructions: `Task: summarize what stands between BEGIN ${mark} and END ${mark}.`,
  material: `BEGIN ${mark}\nGit keeps snapshots.\nEND ${mark}`,
  mostCharacters: 2_000,
}

async function ask(
  wish: Partial<OpenAiSettings & ModelRequest> = {},
  hear: (text: string) => void = () => undefined,
) {
  const { url: baseUrl, key: apiKey, model: name } = server
  const model = createOpenAiModel({
    baseUrl,
    apiKey,
    model: name,
    longestMs: 20_000,
    mostBytes: 1_000_000,
    ...wish,
  })
  const answer = model.ask({ ...request, signal: new AbortController().signal, ...wish })
  const pieces: string[] = []
  for (;;) {
    const next = await answer.next()
    if (next.done) return { pieces, usage: next.value }
    pieces.push(next.value)
    hear(next.value)
  }
}

async function failureOf(wish: Parameters<typeof ask>[0] = {}): Promise<ModelFailure> {
  const error = await ask(wish).catch((failure: unknown) => failure)
  expect(error).toBeInstanceOf(ModelFailure)
  const failure = error as ModelFailure
  // It may be logged as it is.
  expect(JSON.stringify(failure) + failure.stack).not.toMatch(/snapshots|SECRET|sk-key/)
  expect(failure.cause).toBeUndefined()
  return failure
}

describe('a model over the Chat Completions API', () => {
  it('says its answer in pieces as they come, then what it took', async () => {
    const { pieces, usage } = await ask()
    expect(pieces.join('')).toBe('What it says, in short.')
    expect(pieces.length).toBeGreaterThan(2)
    expect(usage).toEqual({ inputTokens: spent.prompt_tokens, outputTokens: spent.completion_tokens })
  })

  it('is asked for nothing that one service needs and another refuses', async () => {
    await ask()
    expect(Object.keys(server.asked[0]?.body ?? {}).sort()).toEqual([
      'messages',
      'model',
      'stream',
      'stream_options',
    ])
  })

  it('keeps to itself what it thinks first', async () => {
    server.script({ say: ['<thi', 'nk>they want', ' it short</think>', 'Short.'] })
    expect((await ask()).pieces.join('')).toBe('Short.')
  })

  it.each([
    ['truncated', 'broken'],
    ['garbage', 'broken'],
    ['page', 'broken'],
    ['cut', 'broken'],
    ['tool', 'broken'],
    ['endless', 'broken'],
    ['flood', 'broken'],
    ['lost', 'broken'],
    ['reset', 'unavailable'],
    [{ status: 500 }, 'unavailable'],
    [{ status: 307, headers: { location: 'http://127.0.0.1:9/v1/chat/completions' } }, 'unavailable'],
    [{ status: 404 }, 'refused'],
  ] as const)('%o is a failure that says nothing of what was asked: %s', async (turn, fault) => {
    server.script(turn)
    expect((await failureOf()).fault).toBe(fault)
    expect(server.asked).toHaveLength(1)
  })

  it.each(['silent', 'stalled'] as const)('%s: timeout, and the connection is given up', async (turn) => {
    server.script(turn)
    expect((await failureOf({ longestMs: 300 })).fault).toBe('timeout')
    await server.asked[0]?.hungUp
  })

  it('is read no further than asked for: a longer answer is broken, and the connection given up', async () => {
    server.script('endless')
    expect((await failureOf({ mostCharacters: 100 })).fault).toBe('broken')
    await server.asked[0]?.hungUp
  })

  it.each([
    ['30', 30],
    ['soon', null],
    [undefined, null],
  ])('busy: Retry-After %s', async (header, seconds) => {
    server.script({ status: 429, ...(header ? { headers: { 'retry-after': header } } : {}) })
    expect(await failureOf()).toMatchObject({ fault: 'busy', status: 429, retryAfterSeconds: seconds })
  })

  it('refused with a wrong key; unavailable where nothing listens', async () => {
    expect(await failureOf({ apiKey: 'sk-key-of-another' })).toMatchObject({ fault: 'refused', status: 401 })
    expect(await failureOf({ baseUrl: 'http://127.0.0.1:9/v1' })).toMatchObject({ fault: 'unavailable' })
  })

  it('aborted by who asked, in the midst of it: the service hears that nobody waits', async () => {
    server.script('stalled')
    const gone = new AbortController()
    const answer = ask({ signal: gone.signal }, () => gone.abort())
    await expect(answer).rejects.toMatchObject({ fault: 'aborted' })
    await server.asked[0]?.hungUp
  })

  it('writes nothing to the console, whatever happens', async () => {
    const spies = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name))
    server.script('garbage', { status: 500 }, 'tool')
    for (let turn = 0; turn < 3; turn++) await failureOf()
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })
})
