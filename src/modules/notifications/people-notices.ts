import type { Tx } from '../../platform/database/database.ts'
import type { Fact } from '../../platform/events/events.ts'
import { findPeople } from '../accounts/index.ts'
import type { Notice } from './queries.ts'
import { tellPeople } from './tell-people.ts'
import { personWords } from './words.ts'

type FriendFact = Fact<{ requestId: string; fromId: string; toId: string }>

export async function tellFriendRequested(tx: Tx, fact: FriendFact): Promise<void> {
  const { requestId, fromId, toId } = fact.payload
  await tellOfPerson(tx, fact, {
    kind: 'friend_request',
    about: 'friendRequested',
    personId: fromId,
    readerId: toId,
    ids: { requestId },
  })
}

export async function tellFriendAccepted(tx: Tx, fact: FriendFact): Promise<void> {
  const { requestId, fromId, toId } = fact.payload
  await tellOfPerson(tx, fact, {
    kind: 'friend_request',
    about: 'friendAccepted',
    personId: toId,
    readerId: fromId,
    ids: { requestId },
  })
}

/** What somebody did that another is told of. */
async function tellOfPerson(
  tx: Tx,
  fact: Fact,
  told: {
    kind: Notice['kind']
    about: Parameters<typeof personWords>[0]
    personId: string
    readerId: string
    ids: Readonly<Record<string, string>>
  },
): Promise<void> {
  const { kind, about, personId, readerId, ids } = told
  const [person] = await findPeople(tx, [personId])
  if (!person) return
  const data = { event: fact.type, userId: personId, ...ids }
  const notice = { factId: fact.id, kind, data, ...personWords(about, person.name) }
  await tellPeople(tx, fact, { notice, userIds: [readerId] })
}
