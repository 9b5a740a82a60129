import type { Static, TSchema } from 'typebox'
import { serializerOf } from '../http/serialize.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Delivery, Fanout, Receiver } from './fanout.ts'
import type { PresenceChange, Roster } from './roster.ts'

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
  /** Sends to every device that follows a topic, on every node; otherwise as `push`. */
  tell<Payload extends TSchema>(
    push: SocketPush<Payload>,
    topic: string,
    payload: Static<Payload>,
  ): Promise<void>
  /** What a device that is connected to this process follows from now on, instead of what it followed before. */
  follow(socketId: string, topics: readonly string[]): void
  /** @returns whether it did follow it */
  unfollow(socketId: string, topic: string): boolean
  /** Of the devices that are connected to this process, those that follow a topic. */
  followers(topic: string): readonly Follower[]
  /** Of the devices that are connected to this process, those of a person. */
  devicesOf(userId: string): readonly Follower[]
  /** Who has devices that are connected to this process. */
  people(): readonly string[]
  /** Which of these people have a device connected, on any node; without the shared list, on this one. */
  online(userIds: readonly string[]): Promise<ReadonlySet<string>>
  /** @param hear is told of each change once in the whole cluster: by one node, not by each */
  onPresence(hear: (change: PresenceChange) => Promise<void>): void
  /** Makes this process one that serves sockets; resolves when it hears what the others push. */
  serve(host: Host): Promise<Door>
  close(): Promise<void>
}

export interface Follower {
  readonly socketId: string
  readonly userId: string
  readonly topics: readonly string[]
}

/** The sockets of this process. */
export interface Host extends Receiver {
  join(socketId: string, rooms: readonly string[]): void
  leave(socketId: string, rooms: readonly string[]): void
  inRoom(
    room: string,
  ): readonly { readonly socketId: string; readonly userId: string; readonly rooms: readonly string[] }[]
  people(): readonly string[]
}

/** To be told of who comes and goes. */
export interface Door {
  /** The first device of somebody here. */
  arrived(userId: string): void
  /** The last device of somebody here is gone; it may be back in a moment. */
  left(userId: string): void
  /** This process serves no longer. */
  shut(): Promise<void>
}

/** The room of all devices of a person; that of one device has its id as its name. */
export const roomOfUser = (userId: string) => `user:${userId}`

const topicPrefix = 'topic:'
const roomOfTopic = (topic: string) => topicPrefix + topic

/**
 * @param options.fanout reaches the other processes
 * @param options.roster knows who is online over all of them
 * @param options.offlineAfterMs how long somebody without a device counts as online: a connection that is lost is made anew meanwhile
 */
export function createSockets(options: {
  fanout: Fanout
  roster: Roster
  metrics: Metrics
  log: Log
  offlineAfterMs: number
}): Sockets {
  const { fanout, roster, metrics, log, offlineAfterMs } = options
  const hearers: ((change: PresenceChange) => Promise<void>)[] = []
  const leaving = new Map<string, NodeJS.Timeout>()
  let host: Host | null = null

  async function send<Payload extends TSchema>(
    push: SocketPush<Payload>,
    payload: Static<Payload>,
    to: { rooms: readonly string[]; except: string | null },
  ): Promise<void> {
    if (to.rooms.length === 0) return
    metrics.observePush(push.name)
    const delivery: Delivery = { name: push.name, ...to, json: serializerOf(push.payload)(payload) }
    // This node's own devices do not wait for the others, nor hang on what carries the delivery there.
    host?.deliver(delivery)
    await fanout.publish(delivery)
  }

  function followersIn(room: string): Follower[] {
    return (host?.inRoom(room) ?? []).map(({ socketId, userId, rooms }) => {
      const followed = rooms.filter((name) => name.startsWith(topicPrefix))
      return { socketId, userId, topics: followed.map((name) => name.slice(topicPrefix.length)) }
    })
  }

  return {
    push: (push, userIds, payload, except) =>
      send(push, payload, { rooms: userIds.map(roomOfUser), except: except ?? null }),
    pushToDevice: (push, socketId, payload) => send(push, payload, { rooms: [socketId], except: null }),
    tell: (push, topic, payload) => send(push, payload, { rooms: [roomOfTopic(topic)], except: null }),
    follow(socketId, topics) {
      const before = followersIn(socketId).flatMap((device) => device.topics)
      host?.leave(socketId, before.map(roomOfTopic))
      host?.join(socketId, topics.map(roomOfTopic))
    },
    unfollow(socketId, topic) {
      const follows = followersIn(socketId).some(({ topics }) => topics.includes(topic))
      host?.leave(socketId, [roomOfTopic(topic)])
      return follows
    },
    followers: (topic) => followersIn(roomOfTopic(topic)),
    devicesOf: (userId) => followersIn(roomOfUser(userId)),
    people: () => host?.people() ?? [],
    online: (userIds) => roster.online(userIds),
    onPresence: (hear) => void hearers.push(hear),

    async serve(serving) {
      host = serving
      await fanout.receive(serving)
      await roster.keep({
        here: () => [...serving.people(), ...leaving.keys()],
        async hear(change) {
          const told = await Promise.allSettled(hearers.map((hear) => hear(change)))
          for (const one of told)
            if (one.status === 'rejected') log.error({ err: one.reason }, 'presence could not be told')
        },
      })
      return {
        arrived(userId) {
          clearTimeout(leaving.get(userId))
          if (!leaving.delete(userId)) roster.arrive(userId)
        },
        left(userId) {
          const leave = () => {
            leaving.delete(userId)
            roster.leave(userId)
          }
          leaving.set(userId, setTimeout(leave, offlineAfterMs).unref())
        },
        async shut() {
          for (const timer of leaving.values()) clearTimeout(timer)
          await roster.shut()
        },
      }
    },
    async close() {
      await Promise.all([fanout.close(), roster.close()])
    },
  }
}
