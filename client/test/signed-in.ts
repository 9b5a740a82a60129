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

/** A phone's keychain. */
export function keeping(token: string | null): TokenStorage & { readonly kept: string | null } {
  let kept = token
  return {
    get kept() {
      return kept
    },
    get: async () => kept,
    set: async (token) => {
      kept = token
    },
    delete: async () => {
      kept = null
    },
  }
}
