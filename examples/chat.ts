import { type Message, newKey } from '../client/src/index.ts'
import { element, form } from './element.ts'
import type { School } from './school.ts'

/** What two people say to each other; what comes while it is shown is added. */
export async function chatView({ client, realtime, fail }: School, otherId: string): Promise<HTMLElement> {
  const other = await client.users.getProfile(otherId)
  const list = element('ul', {})
  const shown = new Set<string>()
  const add = (message: Message) => {
    if (shown.has(message.id)) return
    shown.add(message.id)
    list.append(element('li', { className: message.from === otherId ? '' : 'mine' }, message.text ?? ''))
  }
  // What is said while the history is read comes after it.
  const early: Message[] = []
  let take = (message: Message) => void early.push(message)
  const end = realtime.on('chat:message', (message) => {
    if (message.from === otherId || message.to === otherId) take(message)
  })
  const { items } = await client.chat.getHistory(otherId, { limit: 50 }).catch((error) => {
    end()
    throw error
  })
  for (const message of [...items.reverse(), ...early]) add(message)
  // Until another view has taken this one's place.
  take = (message) => {
    if (shown.size > 0 && !list.isConnected) end()
    else add(message)
  }
  const say = form(
    [{ name: 'text', placeholder: 'Message', autocomplete: 'off' }],
    {
      async Send({ text = '' }) {
        const { message } = await realtime.ask('chat:send', { to: otherId, text, clientId: newKey() })
        add(message)
        say.reset()
      },
    },
    fail,
  )
  return element('section', {}, element('h1', {}, other.name), list, say)
}
