import type { Client } from './create-client.ts'
import type { LecternError } from './errors.ts'
import type { Pushes, Requests } from './generated/realtime.ts'
import type { Message, Notification } from './generated/shapes.ts'

/**
 * What makes of pushes, which may come twice or not at all, what one person can rely on: it notes how things stand before the first connection,
 * asks after each by cursor for what has come since (docs/realtime.md), and what is pushed meanwhile waits. Where a message is missing
 * between two, it is fetched.
 */
export interface CatchUp {
  /** Before the first connection: all that is stored later is told. Asked again, nothing happens. @throws LecternError */
  begin(): Promise<void>
  /** @returns true when all that was missed has been told; false where the connection was lost again meanwhile */
  connected(): Promise<boolean>
  pushed(name: string, payload: unknown): void
  /** What was asked on this device is not pushed to it. */
  asked(name: string, reply: unknown): void
  watch(userIds: readonly string[]): Promise<void>
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
/** Notifications of two nodes come in either order, so that the latest id alone does not tell which were told. */
const remembered = 500
/** Ids are UUIDv7, whose order is that of time but for so long: clocks of nodes differ, and what is begun first may be stored last. */
const disorderMs = 5 * 60_000

interface Known {
  readonly me: string
  /** Of conversations by the other person: the sequence of the last message that was told. */
  readonly sequences: Map<string, number>
  /** In other conversations what is no newer than this was said before all of it; empty: there were no others. */
  readonly floor: string
  /** Ids. What is older was told, or is none of what was missed. */
  messagesSince: string
  notificationsSince: string
  /** Newer notifications that were told. */
  readonly told: Set<string>
  /** Messages that this device has said itself, and that are fetched with one before them that it was not told. */
  readonly said: Set<string>
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

  async function begin(): Promise<void> {
    if (known) return
    const [me, { items: conversations, nextCursor: more }, notifications] = await Promise.all([
      client.session.user ?? client.users.getMe(),
      client.chat.listConversations({ limit: 100 }),
      client.notifications.list({ limit: 50 }),
    ])
    const ids = notifications.items.map(({ id }) => id)
    known ??= {
      me: me.id,
      sequences: new Map(conversations.map(({ user, lastMessage }) => [user.id, lastMessage.sequence])),
      floor: more === null ? '' : (conversations.at(-1)?.lastMessage.id ?? ''),
      messagesSince: wellBefore(conversations.map(({ lastMessage }) => lastMessage.id)),
      notificationsSince: latest([
        wellBefore(ids),
        notifications.nextCursor === null ? '' : (ids.at(-1) ?? ''),
      ]),
      told: new Set(ids.reverse()),
      said: new Set(),
    }
  }

  /** What was said in a conversation after the last that was told of it, the oldest first. */
  async function fetchHistory({ sequences, floor }: Known, other: string): Promise<Message[]> {
    const last = sequences.get(other)
    const messages: Message[] = []
    for await (const message of client.chat.iterateHistory(other, { limit: 100, after: last })) {
      if (last === undefined && message.id <= floor) break
      messages.push(message)
    }
    return messages.reverse()
  }

  /** All is fetched before any of it is told, so that what breaks off can begin anew. */
  async function fetchMissed(known: Known): Promise<void> {
    const messages: [string, Message][] = []
    const seen: string[] = []
    for await (const { user, lastMessage } of client.chat.iterateConversations({ limit: 50 })) {
      // The latest first: nothing happened in those that come after it.
      if (lastMessage.id <= known.messagesSince) break
      seen.push(lastMessage.id)
      const last = known.sequences.get(user.id)
      if (last !== undefined && lastMessage.sequence <= last) continue
      for (const message of await fetchHistory(known, user.id)) messages.push([user.id, message])
    }
    const news: Notification[] = []
    for await (const notification of client.notifications.iterate({ limit: 50 })) {
      if (notification.id <= known.notificationsSince) break
      news.push(notification)
    }
    for (const [other, message] of messages) tellMessage(known, other, message)
    for (const notification of news.reverse()) tellNotification(known, notification)
    known.messagesSince = latest([known.messagesSince, wellBefore(seen)])
    known.notificationsSince = latest([known.notificationsSince, wellBefore(news.map(({ id }) => id))])
  }

  function tellMessage({ sequences, said }: Known, other: string, message: Message): void {
    sequences.set(other, message.sequence)
    if (!said.delete(message.id)) tell('chat:message', message)
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
    const last = known.sequences.get(other) ?? 0
    if (message.sequence <= last) return
    if (message.sequence === last + 1) return tellMessage(known, other, message)
    for (const one of await fetchHistory(known, other)) tellMessage(known, other, one)
  }

  async function watch(userIds: readonly string[]): Promise<void> {
    watched = userIds
    if (!isConnected()) return
    const { people } = await ask('presence:watch', { userIds: [...userIds] })
    for (const person of people) tell('presence', person)
  }

  /** What is refused for good is not asked for again and again, and stands in nobody's way. */
  function unwatch(error: LecternError): void {
    if (!['validation_failed', 'forbidden'].includes(error.code)) throw error
    watched = []
  }

  /** Until it succeeds, or the connection is gone, after whose return all begins anew. */
  async function current(): Promise<boolean> {
    while (known && isConnected()) {
      try {
        if (watched.length > 0) await watch(watched).catch(unwatch)
        await fetchMissed(known)
        return true
      } catch {
        await new Promise((resolve) => setTimeout(resolve, tryAgainMs))
      }
    }
    return false
  }

  return {
    begin,
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
        if (!known) return
        const last = known.sequences.get(message.to) ?? 0
        if (message.sequence === last + 1) known.sequences.set(message.to, message.sequence)
        // Another is missing before it, which is fetched when the next one comes.
        else if (message.sequence > last) known.said.add(message.id)
      })
    },
    watch,
  }
}

const latest = (ids: readonly string[]) => [...ids].sort().at(-1) ?? ''

/** What comes before all of them, and before all that may have been stored after them; as long as half an id. */
function wellBefore(ids: readonly string[]): string {
  const id = latest(ids)
  if (id === '') return ''
  const ms = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) - disorderMs
  return Math.max(0, ms).toString(16).padStart(12, '0').replace(/^.{8}/, '$&-')
}
