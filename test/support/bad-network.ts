import { type IncomingMessage, request as open } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Random } from '../proof/random.ts'

export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly body?: unknown
}
export interface Received {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape, and a wrong guess fails there
  readonly body: any
}

/** Where the connection is cut: when half is sent, when all is, or when the answer begins to come. */
type Cut = 'sending' | 'sent' | 'answering'

/**
 * A person's way to the server over a network that does wrong with every third request: it never sends it, cuts the connection, delivers
 * it twice, or holds it back until others have passed it.
 */
export function badNetwork(address: string, bearer: string, random: Random) {
  const held: Sent[] = []
  const counts = { lost: 0, cut: 0, doubled: 0, reordered: 0 }

  /** Null is what a device sees of a request that got no answer. */
  async function send(sent: Sent): Promise<Received | null> {
    if (!random.happens(0.3)) return deliver(sent)
    const fate = random.pick(['lost', 'sending', 'sent', 'answering', 'doubled', 'reordered'] as const)
    if (fate === 'doubled') {
      counts.doubled++
      const [first] = await Promise.all([deliver(sent), deliver(sent)])
      return first
    }
    if (fate === 'reordered') held.push(sent)
    else if (fate === 'lost') counts.lost++
    else if (fate) {
      counts.cut++
      return deliver(sent, fate)
    }
    return null
  }

  /** Until one is answered. */
  async function insist(sent: Sent): Promise<Received> {
    for (;;) {
      const answer = await send(sent)
      if (answer) return answer
    }
  }

  /** What was held back arrives, all at once and in another order than it was sent. Whom it was for is gone. */
  async function release(): Promise<void> {
    const late = held.splice(0)
    const mixed = late.map((sent) => ({ sent, place: random.next() })).sort((a, b) => a.place - b.place)
    if (mixed.length > 1) counts.reordered += mixed.length
    await Promise.all(mixed.map(({ sent }) => deliver(sent)))
  }

  function deliver({ method, path, body }: Sent, cut?: Cut): Promise<Received | null> {
    const payload = body === undefined ? '' : JSON.stringify(body)
    return new Promise((resolve) => {
      const request = open(new URL(path, address), {
        method,
        agent: false,
        headers: {
          authorization: `Bearer ${bearer}`,
          'content-length': Buffer.byteLength(payload),
          ...(payload ? { 'content-type': 'application/json' } : {}),
        },
      })
      const hangUp = () => request.destroy()
      request.on('error', () => resolve(null))
      let answered = false
      request.on('close', () => answered || resolve(null))
      request.on('response', (response: IncomingMessage) => {
        if (cut === 'answering') return hangUp()
        answered = true
        text(response).then(
          (said) => resolve({ status: response.statusCode ?? 0, body: said ? JSON.parse(said) : null }),
          () => resolve(null),
        )
      })
      if (cut === 'sending') {
        request.flushHeaders()
        request.write(payload.slice(0, payload.length / 2) || ' ', hangUp)
      } else if (cut === 'sent') request.end(payload, hangUp)
      else request.end(payload)
    })
  }

  return { send, insist, release, counts }
}
