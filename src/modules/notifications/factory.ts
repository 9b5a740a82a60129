import type { Deps } from '../../platform/deps.ts'
import { newId } from '../../platform/ids.ts'
import type { Person } from '../accounts/factory.ts'
import type { Notice } from './queries.ts'
import { tellPeople } from './tell-people.ts'

/** For tests: tells people something, of a kind if that is said; its fact's id. */
export async function makeNotice(
  deps: Deps,
  readers: readonly Pick<Person, 'id'>[],
  wish: Partial<Notice> = {},
): Promise<string> {
  const factId = newId()
  const notice = {
    factId,
    kind: 'lesson_added',
    title: 'New lesson',
    body: 'Something new.',
    data: {},
    ...wish,
  } as const
  const userIds = readers.map(({ id }) => id)
  await deps.transact((tx) => tellPeople(tx, { userId: null, at: deps.clock.now() }, { notice, userIds }))
  return notice.factId
}
