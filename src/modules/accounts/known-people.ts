import type { Db } from '../../platform/database/database.ts'
import type { Signals } from '../../platform/database/signals.ts'
import { setBounded } from './bounded-map.ts'
import { findPerson, type IdentityKey, type Person } from './identity-queries.ts'
import { mayBeChanging, onUserChanged } from './user-signals.ts'

const mostKnown = 10_000

export interface KnownPeople {
  find(identity: IdentityKey): Promise<Person | undefined>
}

/**
 * Who outside identities are here, in memory, so that the guard costs no SQL. Signals keep it exact: a person whose role or status
 * changes is forgotten, and while signals may be missed the database is asked each time.
 */
export function createKnownPeople(db: Db, signals: Signals): KnownPeople {
  const known = new Map<string, Person>()
  let changes = 0

  onUserChanged(signals, (userId) => {
    changes++
    for (const [key, person] of known) if (person.userId === userId) known.delete(key)
  })
  void signals.onConnect(async () => {
    changes++
    known.clear()
  })

  return {
    async find(identity) {
      const key = `${identity.issuer} ${identity.subject}`
      const person = known.get(key)
      if (person && signals.connected() && !mayBeChanging(person.userId)) return person
      const before = changes
      const found = await findPerson(db, identity)
      // What was read while a change was told may be from before it; and nobody tells when a deleted person's identity is erased.
      const lasts = signals.connected() && changes === before && found?.status !== 'deleted'
      if (found && lasts) setBounded(known, key, found, mostKnown)
      return found
    },
  }
}
