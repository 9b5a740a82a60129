import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that the model got, taken apart. */
export interface Asked {
  readonly authorization: string | undefined
  readonly model: string
  /** The system part: the task. */
  readonly task: string
  /** What stands between the delimiters that the task names, in the user part; nothing else may stand in it. */
  readonly material: string
  readonly body: Readonly<Record<string, unknown>>
  /** Resolves once the asker has hung up before the answer was whole. */
  readonly hungUp: Promise<void>
}

/**
 * What the model does with a request: says something, whole or in pieces; or `silent`: nothing at all; `stalled`: a few words, then nothing;
 * `truncated`: half of an answer as if it were all; `lost`: half of one, then the connection breaks; `reset`: no answer, the connection
 * breaks; `garbage`: events that are no JSON; `page`: a web page; `endless`: words without end; `flood`: one event without end;
 * `cut`: stopped by a limit of tokens; `tool`: a call of a tool; or a status.
 */
export type Turn =
  | { readonly say: string | readonly string[] }
  | { readonly status: number; readonly headers?: Record<string, string> }
  | 'silent'
  | 'stalled'
  | 'truncated'
  | 'lost'
  | 'reset'
  | 'garbage'
  | 'page'
  | 'endless'
  | 'flood'
  | 'cut'
  | 'tool'

export interface ModelServer {
  /** The base of the API. */
  readonly url: string
  readonly key: string
  readonly model: string
  /** The configuration that names it. */
  readonly env: Record<string, string>
  /** What was asked, in order. */
  readonly asked: Asked[]
  /** How it takes the next requests; after them it behaves. */
  script(...turns: Turn[]): void
  /** Called with each request before it is answered. */
  meet(look: (asked: Asked) => Promise<void> | void): void
  behave(): void
  close(): Promise<void>
}

export const spent = { prompt_tokens: 120, completion_tokens: 30, total_tokens: 150 }

/** An OpenAI-compatible service on loopback, which answers by streams only; what breaks its rules gets a 400. */
export async function openModelServer(): Promise<ModelServer> {
  const key = 'sk-key-of-the-school'
  const model = 'tutor-1'
  const asked: Asked[] = []
  let ahead: Turn[] = []
  let look: (asked: Asked) => Promise<void> | void = () => undefined

  const server = createServer(async (incoming, response) => {
    if (incoming.url === '/v1/models') return list(incoming, response)
    const request = await takeApart(incoming, response).catch(() => null)
    if (!request || request.authorization !== `Bearer ${key}` || request.model !== model)
      return response.writeHead(request ? 401 : 400).end('{"error":{"message":"not so"}}')
    asked.push(request)
    await look(request)
    await act(response, ahead.shift() ?? { say: sayTo(request) })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  function list({ headers }: IncomingMessage, response: ServerResponse): void {
    const known = headers.authorization === `Bearer ${key}`
    const body = { object: 'list', data: [{ id: 'embedder-1' }, { id: model }] }
    response
      .writeHead(known ? 200 : 401, { 'content-type': 'application/json' })
      .end(JSON.stringify(known ? body : {}))
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`

  return {
    url,
    key,
    model,
    env: { AI_BASE_URL: url, AI_API_KEY: key, AI_MODEL: model },
    asked,
    script(...turns) {
      ahead = turns
    },
    meet(found) {
      look = found
    },
    behave() {
      ahead = []
      look = () => undefined
      asked.length = 0
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** @throws Error where the request is not as it has to be */
async function takeApart(incoming: IncomingMessage, response: ServerResponse): Promise<Asked> {
  if (incoming.method !== 'POST' || incoming.url !== '/v1/chat/completions') throw new Error('no such path')
  const hungUp = new Promise<void>((resolve) => {
    response.once('close', () => {
      if (!response.writableFinished) resolve()
    })
  })
  const body = JSON.parse(Buffer.concat(await incoming.toArray()).toString())
  const [system, user, ...others] = body.messages
  if (system.role !== 'system' || user.role !== 'user' || others.length > 0) throw new Error('not two parts')
  if (body.stream !== true || body.tools !== undefined) throw new Error('not a plain stream')
  const mark = /BEGIN ([0-9a-f]{32})\b/.exec(system.content)?.[1]
  const material = new RegExp(`^BEGIN ${mark}\n([^]*)\nEND ${mark}$`).exec(user.content)?.[1]
  if (mark === undefined || material === undefined) throw new Error('not between its delimiters')
  if (material.includes(mark)) throw new Error('the delimiter is in the material')
  return {
    authorization: incoming.headers.authorization,
    model: body.model,
    task: system.content,
    material,
    body,
    hungUp,
  }
}

/** What a model that does its work says. */
function sayTo({ task, material }: Asked): string {
  if (!task.startsWith('Task: draft'))
    return task.startsWith('Task: summarize') ? 'What it says, in short.' : 'Keep going.'
  const body = material.slice(material.indexOf('\n\n') + 2)
  const citation = /^.{0,60}\S*/s.exec(body)?.[0]
  const question = { type: 'true_false', text: 'Is it so?', points: 1, answer: true, citation }
  return JSON.stringify({ title: 'What stuck?', questions: [question] })
}

async function act(response: ServerResponse, turn: Turn): Promise<void> {
  if (turn === 'silent') return
  if (turn === 'reset') return void response.destroy()
  if (turn === 'page')
    return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Hello</html>')
  if (typeof turn === 'object' && 'status' in turn) {
    const body = JSON.stringify({ error: { message: 'SECRET of the service', type: 'error' } })
    return void response
      .writeHead(turn.status, { 'content-type': 'application/json', ...turn.headers })
      .end(body)
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (turn === 'garbage') return void response.end('data: {not json\n\n')
  if (turn === 'flood') return pour(response, () => 'x'.repeat(64_000))
  if (turn === 'endless') return pour(response, () => chunk({ content: 'and on '.repeat(50) }))
  if (turn === 'tool') {
    const call = {
      index: 0,
      id: 'call_1',
      type: 'function',
      function: { name: 'delete_course', arguments: '{}' },
    }
    return void response.end(chunk({ tool_calls: [call] }) + chunk({}, 'tool_calls') + end)
  }
  if (turn === 'cut')
    return void response.end(chunk({ content: 'As far as it ' }) + chunk({}, 'length') + end)
  if (typeof turn === 'string') {
    response.write(chunk({ content: 'The first words ' }))
    if (turn === 'truncated') response.end()
    else if (turn === 'lost') response.write(chunk({ content: 'of it ' }), () => response.destroy())
    return
  }
  const pieces = typeof turn.say === 'string' ? turn.say.split(/(?<= )/) : turn.say
  for (const content of pieces) response.write(chunk({ content }))
  response.end(chunk({}, 'stop') + end)
}

/** Writes for as long as somebody reads. */
async function pour(response: ServerResponse, next: () => string): Promise<void> {
  while (!response.destroyed)
    if (!response.write(next())) await once(response, 'drain').catch(() => undefined)
}

function chunk(delta: object, finish_reason: string | null = null): string {
  const body = {
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'tutor-1',
    choices: [{ index: 0, delta, finish_reason }],
  }
  return `data: ${JSON.stringify(body)}\n\n`
}

const usage = {
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'tutor-1',
  choices: [],
  usage: spent,
}
const end = `data: ${JSON.stringify(usage)}\n\ndata: [DONE]\n\n`
