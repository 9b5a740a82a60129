import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import { makeFriends } from '../../src/modules/friends/factory.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Client } from './http.ts'
import type { World } from './world.ts'

/** Somebody signed in who chats by HTTP. */
export interface Chatter extends Client {
  readonly person: Person
  readonly id: string
  say(to: { id: string }, text: string, clientId?: string): ReturnType<Client['post']>
  history(other: { id: string }, query?: string): ReturnType<Client['get']>
}

export async function makeChatter(world: World, name = 'Asha Rao'): Promise<Chatter> {
  const person = await makePerson(world.deps, { name })
  const client = world.client.as(person.accessToken)
  return {
    ...client,
    person,
    id: person.id,
    say: (to, text, clientId = newId()) => client.post(`/api/chat/messages/${to.id}`, { text, clientId }),
    history: (other, query = '') => client.get(`/api/chat/history/${other.id}${query}`),
  }
}

/** Two friends. */
export async function makeChatters(world: World): Promise<readonly [Chatter, Chatter]> {
  const [asha, ben] = await Promise.all([makeChatter(world, 'Asha'), makeChatter(world, 'Ben')])
  await makeFriends(world.deps, asha.person, ben.person)
  return [asha, ben]
}
