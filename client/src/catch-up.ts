import type { Client } from './create-client.ts'
import type { Pushes, Requests } from './generated/realtime.ts'
import type { Message, Notification } from './generated/shapes.ts'

/**
 * What makes of pushes, which may come twice or not at all, what one can rely on: after each connection it asks by cursor for what was missed
 * (docs/realtime.md), and what is pushed meanwhile waits. Where a message is missing between two, it is fetched.
 */
export interface CatchUp {
  /** @returns true when all that was missed has been told; false where the connection was lost again meanwhile */
  connected(): Promise<boolean>
  pushed(name: string, payload: unknown): void
  /** What was asked on this device is not pushed to it. */
  asked(name: string, reply: unknown): void
  watch(userIds: readonly string[]): Promise<void>
  /** Another person may sign in next. */
  forget(): void
}

interface Parts {
  readonly client: Client
  readonly tell: (name: string, payload: unknown) => void
  readonly ask: <Name extends keyof Requests>(
    name: Name,
    input: Requests[Name]['input'],
  ) => Promise<Requests[Name]['reply']>
  readonly isConnected: () => boolean
}

const tryAgainMs = 3_000
/** Pushes of two nodes come in either order, so that the latest id alone does not tell which were told. */
const remembered = 500

interface Known {
  readonly me: string
  /** Of conversations by the other person: the sequence of the last message that was told. */
  readonly sequences: Map<string, number>
  /** Ids are UUIDv7, whose order is that of time. What is older than these was told, or is none of what was missed. */
  messagesSince: string
  notificationsSince: string
  /** Newer notifications that were told. */
  readonly told: Set<string>
}

export function createCatchUp({ client, tell, ask, isConnected }: Parts): CatchUp {
  let known: Known | null = null
  let watched: readonly string[] = []
  /** Everything one after another. */
  let turn = Promise.resolve()
  const inTurn = (work: () => Promise<void> | void): Promise<void> => {
    turn = turn.then(work).catch(() => undefined)
    return turn
  }

  async function begin(): Promise<Known> {
    const [me, conversations, notifications] = await Promise.all([
      client.session.user ?? client.users.getMe(),
      client.chat.listConversations({ limit: 100 }),
      client.notifications.list({ limit: 1 }),
    ])
    return {
      me: me.id,
      sequences: new Map(conversations.items.map(({ user, lastMessage }) => [user.id, lastMessage.sequence])),
      messagesSince: latest(conversations.items.map(({ lastMessage }) => lastMessage.id)),
      notificationsSince: latest(notifications.items.map(({ id }) => id)),
      told: new Set(),
    }
  }

  /** All is fetched before any of it is told, so that what breaks off can begin anew. */
  async function fetchMissed(known: Known): Promise<void> {
    const messages: [string, Message][] = []
    const seen = [known.messagesSince]
    for await (const { user, lastMessage } of client.chat.iterateConversations({ limit: 50 })) {
      // The latest first: nothing happened in those that come after it.
      if (lastMessage.id <= known.messagesSince) break
      seen.push(lastMessage.id)
      const last = known.sequences.get(user.id)
      if (last !== undefined && lastMessage.sequence <= last) continue
      const missed: Message[] = []
      for await (const message of client.chat.iterateHistory(user.id, { limit: 100, after: last })) {
        if (last === undefined && message.id <= known.messagesSince) break
        missed.push(message)
      }
      messages.push(...missed.reverse().map((message): [string, Message] => [user.id, message]))
    }
    const news: Notification[] = []
    for await (const notification of client.notifications.iterate({ limit: 50 })) {
      if (notification.id <= known.notificationsSince) break
      news.push(notification)
    }
    for (const [other, message] of messages) tellMessage(known, other, message)
    for (const notification of news.reverse()) tellNotification(known, notification)
    known.messagesSince = latest(seen)
  }

  function tellMessage({ sequences }: Known, other: string, message: Message): void {
    sequences.set(other, message.sequence)
    tell('chat:message', message)
  }

  function tellNotification(known: Known, notification: Notification): void {
    const { told } = known
    if (notification.id <= known.notificationsSince || told.has(notification.id)) return
    told.add(notification.id)
    for (const oldest of told) {
      if (told.size <= remembered) break
      told.delete(oldest)
      known.notificationsSince = latest([known.notificationsSince, oldest])
    }
    tell('notification', notification)
  }

  async function takeMessage(known: Known, message: Message): Promise<void> {
    const other = message.from === known.me ? message.to : message.from
    const last = known.sequences.get(other)
    if (last !== undefined && message.sequence <= last) return
    if (last === undefined || message.sequence === last + 1) return tellMessage(known, other, message)
    const missed: Message[] = []
    for await (const one of client.chat.iterateHistory(other, { after: last, limit: 100 })) missed.push(one)
    for (const one of missed.reverse()) tellMessage(known, other, one)
  }

  async function watch(userIds: readonly string[]): Promise<void> {
    watched = userIds
    if (!isConnected()) return
    const { people } = await ask('presence:watch', { userIds: [...userIds] })
    for (const person of people) tell('presence', person)
  }

  /** Until it succeeds, or the connection is gone, after whose return all begins anew. */
  async function current(): Promise<boolean> {
    while (isConnected()) {
      try {
        if (watched.length > 0) await watch(watched)
        if (known) await fetchMissed(known)
        else known = await begin()
        return true
      } catch {
        await new Promise((resolve) => setTimeout(resolve, tryAgainMs))
      }
    }
    return false
  }

  return {
    async connected() {
      let done = false
      await inTurn(async () => {
        done = await current()
      })
      return done
    },
    pushed(name, payload) {
      // Not kept waiting: who rings does not ring for long, and both ends of a call are here now.
      if (name.startsWith('call:') || name === 'session:ended') return tell(name, payload)
      void inTurn(() => {
        if (known && name === 'chat:message')
          return takeMessage(known, payload as Pushes['chat:message']).catch(
            async () => void (await current()),
          )
        if (known && name === 'notification')
          return tellNotification(known, payload as Pushes['notification'])
        tell(name, payload)
      })
    },
    asked(name, reply) {
      if (name !== 'chat:send') return
      const { message } = reply as Requests['chat:send']['reply']
      void inTurn(() => {
        const last = known?.sequences.get(message.to)
        // Where another is missing before it, both are told when the next one comes, or is asked for.
        if (last === undefined || message.sequence === last + 1)
          known?.sequences.set(message.to, message.sequence)
      })
    },
    watch,
    forget() {
      known = null
      watched = []
    },
  }
}

const latest = (ids: readonly string[]) => [...ids].sort().at(-1) ?? ''
