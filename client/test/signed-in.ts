import type { Person } from '../../src/modules/accounts/factory.ts'
import type { World } from '../../test/support/world.ts'
import { type Client, type ClientOptions, createClient, type TokenStorage } from '../src/index.ts'

/** A client of somebody, as an app has it that was signed in before. */
export async function signedIn(world: World, person: Person, options: ClientOptions = {}): Promise<Client> {
  const client = createClient({
    baseUrl: world.url,
    mode: 'native',
    storage: keeping(person.refreshToken),
    ...options,
  })
  await client.session.restore()
  return client
}

interface Keychain extends TokenStorage {
  readonly kept: string | null
  /** Refuses the next changes. */
  lock(refusing: { times: number }): void
}

/** A phone's keychain. */
export function keeping(token: string | null): Keychain {
  let kept = token
  let refused = 0
  const change = async (to: string | null) => {
    if (refused-- > 0) throw new Error('The keychain is locked.')
    kept = to
  }
  return {
    get kept() {
      return kept
    },
    lock: ({ times }) => {
      refused = times
    },
    get: async () => kept,
    set: change,
    delete: () => change(null),
  }
}
