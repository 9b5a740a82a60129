import type { Transact } from '../database/database.ts'
import { type Signals, signal } from '../database/signals.ts'
import type { Log } from '../log.ts'

/** A push on its way to the sockets of some rooms. */
export interface Delivery {
  readonly name: string
  readonly rooms: readonly string[]
  /** The id of a socket that is left out. */
  readonly except: string | null
  /** The payload, serialized by its schema. */
  readonly json: string
}

/** The sockets of this process, as seen from what comes from others. */
export interface Receiver {
  deliver(delivery: Delivery): void
  /** Some of what others published will never come: whoever is connected here is to fetch what they have missed. */
  missed(): void
}

/** Carries deliveries from each process to all others. */
export interface Fanout {
  /** Hands it over; resolves soon, whatever happens, and never rejects. */
  publish(delivery: Delivery): Promise<void>
  /** From when it resolves, what other processes publish. */
  receive(receiver: Receiver): Promise<void>
  close(): Promise<void>
}

const topic = 'socket.pushed'
// A signal takes 8,000 bytes, its topic among them.
const mostBytes = 7_900

/**
 * Without Redis one node serves all sockets; what a worker beside it pushes comes to it by the signals of the database, as far as it fits
 * into one.
 */
export function createSignalFanout(options: { signals: Signals; transact: Transact; log: Log }): Fanout {
  const { signals, transact, log } = options
  let serves = false
  return {
    async publish(delivery) {
      if (serves) return
      const text = JSON.stringify(delivery)
      if (Buffer.byteLength(JSON.stringify(text)) > mostBytes)
        return log.warn({ name: delivery.name }, 'a push is too large to reach the node without Redis')
      await transact((tx) => signal(tx, topic, text)).catch((error) =>
        log.warn({ err: error, name: delivery.name }, 'a push could not be handed over'),
      )
    },
    async receive(receiver) {
      serves = true
      signals.on(topic, (text) => receiver.deliver(JSON.parse(text)))
    },
    close: async () => undefined,
  }
}
