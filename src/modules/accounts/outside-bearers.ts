import type { Deps } from '../../platform/deps.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { identityIncomplete } from './errors.ts'
import type { OutsideIdentity } from './identity-provider.ts'
import type { Person } from './identity-queries.ts'
import { readProfile } from './identity-rules.ts'
import { createKnownPeople } from './known-people.ts'
import { createOutsideIdentities } from './outside-identity.ts'
import { syncUser } from './sync-user.ts'

export interface OutsideBearers {
  /** Whether there is an outside provider at all. */
  readonly configured: boolean
  /**
   * Who an outside bearer is here, whatever their status; on first sight a user is linked or made. Null where it is not valid.
   * @throws Refusal 409 where the e-mail address is another account's, 401 where none is to be had, 502 without the provider
   */
  whoIs(bearer: string, at: Date): Promise<Person | null>
}

const made = new WeakMap<Deps, OutsideBearers>()

/** One for the whole program: the guard and the routes share the keys and what is remembered. */
export function outsideBearersOf(deps: Deps): OutsideBearers {
  const bearers = made.get(deps) ?? createOutsideBearers(deps)
  made.set(deps, bearers)
  return bearers
}

function createOutsideBearers({ config, log, db, signals, transact }: Deps): OutsideBearers {
  const identities = createOutsideIdentities(config, log)
  const people = createKnownPeople(db, signals)
  // A front end's first page sends many requests at once: one of them asks the provider and makes the user.
  const arriving = new Map<string, Promise<void>>()

  async function sync(identity: OutsideIdentity, bearer: string, at: Date): Promise<void> {
    // The one who made it may have finished since this request looked.
    if (await people.find(identity)) return
    const profile = readProfile(await identities.describe(identity, bearer))
    if (!profile) throw refuse(identityIncomplete)
    const { issuer, subject } = identity
    await transact((tx) => syncUser(tx, { userId: null, at }, { issuer, subject, profile }))
  }

  function arrive(identity: OutsideIdentity, bearer: string, at: Date): Promise<void> {
    const key = `${identity.issuer} ${identity.subject}`
    const arrival = arriving.get(key) ?? sync(identity, bearer, at).finally(() => arriving.delete(key))
    arriving.set(key, arrival)
    return arrival
  }

  return {
    configured: identities.configured,
    async whoIs(bearer, at) {
      const identity = await identities.verify(bearer, at)
      if (!identity) return null
      const person = await people.find(identity)
      if (person) return person
      await arrive(identity, bearer, at)
      return (await people.find(identity)) ?? null
    },
  }
}
