import type { Static } from 'typebox'
import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Fact } from '../../platform/events/events.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { findPeople } from '../accounts/index.ts'
import { isMessageWaiting, messageWaiting } from '../chat/index.ts'
import { lockTwoPeople } from '../friends/index.ts'
import { findHeard, type PersonKind } from './find-heard.ts'
import { tellWaiting } from './job-types.ts'
import { updateAskedAgain } from './people-queries.ts'
import { tellPeople } from './tell-people.ts'
import { personWords } from './words.ts'

type FriendFact = Fact<{ requestId: string; fromId: string; toId: string }>

const askedAgainMs = 86_400_000

export async function tellFriendRequested(tx: Tx, fact: FriendFact): Promise<void> {
  const { requestId, fromId, toId } = fact.payload
  // Whoever asks, withdraws and asks again is told of once, however close upon one another the facts come.
  await lockTwoPeople(tx, { userId: toId, otherId: fromId })
  const since = new Date(fact.at.getTime() - askedAgainMs)
  if (await updateAskedAgain(tx, { userId: toId, fromId, requestId, since })) return
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

export async function tellMissedCall(
  tx: Tx,
  fact: Fact<{ callId: string; from: string; to: string }>,
): Promise<void> {
  const { callId, from, to } = fact.payload
  const about = { kind: 'missed_call', about: 'called' } as const
  await tellOfPerson(tx, fact, { ...about, personId: from, readerId: to, ids: { callId } })
}

const waitMs = 3_000

/** Who has the conversation open reads at once, and is not told. */
export async function noteWaitingMessage(
  tx: Tx,
  { id: factId, at, payload }: Fact<Static<typeof messageWaiting.payload>>,
): Promise<void> {
  await addJob(tx, tellWaiting, { factId, ...payload }, { runAt: new Date(at.getTime() + waitMs) })
}

/** Never what was written: a mail, or a locked screen, may show it to others. */
export async function tellWaitingMessage(
  tx: Tx,
  cause: Cause,
  waiting: Static<typeof tellWaiting.payload>,
): Promise<void> {
  const { factId: id, fromId, toId, ...ids } = waiting
  if (!(await isMessageWaiting(tx, { conversationId: ids.conversationId, readerId: toId }))) return
  const fact = { ...cause, id, type: messageWaiting.type, payload: ids }
  await tellOfPerson(tx, fact, { kind: 'message', about: 'wrote', personId: fromId, readerId: toId, ids })
}

/** What somebody did that another is told of. */
async function tellOfPerson(
  tx: Tx,
  fact: Fact,
  told: {
    kind: PersonKind
    about: Parameters<typeof personWords>[0]
    personId: string
    readerId: string
    ids: Readonly<Record<string, string>>
  },
): Promise<void> {
  const { kind, about, personId, readerId, ids } = told
  if (!(await findHeard(tx, kind, { readerId, personIds: [personId] })).has(personId)) return
  const [person] = await findPeople(tx, [personId])
  if (!person) return
  const data = { event: fact.type, userId: personId, ...ids }
  const notice = { factId: fact.id, kind, data, ...personWords(about, person.name) }
  await tellPeople(tx, fact, { notice, userIds: [readerId], aboutId: personId })
}
