import type { Static, TSchema } from 'typebox'
import type { Metrics } from '../metrics.ts'
import type { Delivery, Fanout } from './fanout.ts'
import { serializerOf } from './serialize.ts'

/** What the server sends, unasked, to every device of a person. */
export interface SocketPush<Payload extends TSchema = TSchema> {
  readonly name: string
  readonly summary: string
  readonly payload: Payload
}

/** The way to the devices of people, wherever they are connected. */
export interface Sockets {
  /**
   * Sends to every connected device of these people, on every node. Never called inside a transaction. Resolves when the fan-out has
   * taken it, and also when it could not: a push is a hint, and what it tells can be fetched.
   * @param except the id of a device that is left out: the one whose request caused this
   */
  push<Payload extends TSchema>(
    push: SocketPush<Payload>,
    userIds: readonly string[],
    payload: Static<Payload>,
    except?: string,
  ): Promise<void>
  /** Sends to one device, on whichever node it is connected; to nobody where it is gone. Else as `push`. */
  pushToDevice<Payload extends TSchema>(
    push: SocketPush<Payload>,
    socketId: string,
    payload: Static<Payload>,
  ): Promise<void>
  /** @param deliver gives what is pushed, here or elsewhere, to the sockets of this process */
  receive(deliver: (delivery: Delivery) => void): void
  close(): Promise<void>
}

/** The room of all devices of a person; that of one device has its id as its name. */
export const roomOfUser = (userId: string) => `user:${userId}`

/** @param options.fanout reaches the other processes */
export function createSockets({ fanout, metrics }: { fanout: Fanout; metrics: Metrics }): Sockets {
  let deliverHere: (delivery: Delivery) => void = () => undefined

  async function send(
    push: SocketPush,
    payload: unknown,
    to: Pick<Delivery, 'rooms' | 'except'>,
  ): Promise<void> {
    if (to.rooms.length === 0) return
    metrics.observePush(push.name)
    const delivery: Delivery = { name: push.name, ...to, json: serializerOf(push.payload)(payload) }
    // This node's own devices do not wait for the others, nor hang on what carries the delivery there.
    deliverHere(delivery)
    await fanout.publish(delivery)
  }

  return {
    push: (push, userIds, payload, except) =>
      send(push, payload, { rooms: userIds.map(roomOfUser), except: except ?? null }),
    pushToDevice: (push, socketId, payload) => send(push, payload, { rooms: [socketId], except: null }),
    receive(deliver) {
      deliverHere = deliver
      fanout.receive(deliver)
    },
    close: () => fanout.close(),
  }
}
