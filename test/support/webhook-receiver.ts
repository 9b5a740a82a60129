import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { vi } from 'vitest'
import type { Clock } from '../../src/platform/clock.ts'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every type
  readonly message: any
}

/** What a receiver does with a request: answers with a status, or misbehaves. */
export type Manners = number | ((response: ServerResponse, received: Received) => void)

export interface WebhookReceiver {
  readonly url: string
  readonly received: Received[]
  /** The first requests are answered so, one after the other; what comes then with 204. */
  answer(...manners: Manners[]): void
  /** All are, from now on. */
  answerAll(manners: Manners): void
  close(): Promise<void>
}

/** Another program on loopback, which is told of events. */
export async function openWebhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = []
  let ahead: Manners[] = []
  let usual: Manners = 204
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    const { url: path = '', headers } = request
    const one = { path, headers, body, message: JSON.parse(body.toString()) }
    received.push(one)
    const manners = ahead.shift() ?? usual
    if (typeof manners === 'number') response.writeHead(manners).end()
    else manners(response, one)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer(...manners) {
      ahead = manners
    },
    answerAll(manners) {
      usual = manners
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/**
 * What the official package says of a request, at the world's time: the message, or its error thrown.
 * @param secret as the receiver was given it
 */
export function verifyOfficially(secret: string, { body, headers }: Received, clock: Clock): unknown {
  const webhook = secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(secret, { format: 'raw' })
  vi.useFakeTimers({ now: clock.now(), toFake: ['Date'] })
  try {
    return webhook.verify(body, headers as Record<string, string>)
  } finally {
    vi.useRealTimers()
  }
}
