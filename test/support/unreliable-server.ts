import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'

export interface AskedFor {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Reply {
  readonly status: number
  readonly body: unknown
}

/**
 * How a service misbehaves. Before it does anything: `error` is a 500, `silent` no answer at all, `slow` a late one.
 * After it did what it was asked for: `lost` drops the connection, `truncated` sends half of the answer, `cut` half of it as if it
 * were all, `html` a proxy's page in its place.
 */
export type Mood = 'error' | 'silent' | 'slow' | 'lost' | 'truncated' | 'cut' | 'html'

export interface UnreliableServer {
  readonly url: string
  /** What was asked for, in order. */
  readonly requests: AskedFor[]
  /** Misbehaves for the next requests, then is well again. */
  misbehave(mood: Mood, times?: number): void
  /** Answers so whatever it is asked to do (POST), which it does not do. */
  refuse(reply: Reply): void
  behave(): void
  close(): Promise<void>
}

const slowMs = 150

/** An outside service on loopback that speaks JSON, and can fail in the ways that networks do. */
export async function openUnreliableServer(answer: (request: AskedFor) => Reply): Promise<UnreliableServer> {
  const requests: AskedFor[] = []
  let ahead: Mood[] = []
  let refusal: Reply | null = null
  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://service')
    const chunks = await incoming.toArray()
    const request: AskedFor = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString(),
    }
    requests.push(request)
    await reply(response, request, ahead.shift())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  async function reply(response: ServerResponse, request: AskedFor, mood: Mood | undefined): Promise<void> {
    if (mood === 'silent') return
    if (mood === 'error') return send(response, 500, '{"error":{"type":"api_error","code":"SERVER_ERROR"}}')
    if (mood === 'slow') await after(slowMs)
    const { status, body } = (request.method === 'POST' && refusal) || answer(request)
    const text = JSON.stringify(body)
    const half = text.slice(0, text.length / 2)
    if (mood === 'lost') response.destroy()
    else if (mood === 'cut') send(response, status, half)
    else if (mood === 'html') send(response, 502, '<html>Bad gateway</html>', 'text/html')
    else if (mood === 'truncated') {
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length * 2 })
      response.write(half, () => response.destroy())
    } else send(response, status, text)
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    misbehave(mood, times = 100) {
      ahead = Array.from({ length: times }, () => mood)
    },
    refuse(reply) {
      refusal = reply
    },
    behave() {
      ahead = []
      refusal = null
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function send(response: ServerResponse, status: number, text: string, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type, 'request-id': 'req_1' }).end(text)
}
