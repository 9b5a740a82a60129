import type { Actor } from '../../platform/actor.ts'
import type { Deps } from '../../platform/deps.ts'
import { doTogether } from '../../platform/together.ts'
import type { MessageRow } from './message-queries.ts'
import { tidyText } from './rules.ts'
import { type Saying, sayTogether } from './say-together.ts'
import { type Draft, sendMessage } from './send-message.ts'

/** Two, so that the database works on one while the other's answers are written. */
const limits = { atOnce: 2, most: 100, mostWaiting: 10_000 }

function speakerOf({ transact }: Deps) {
  return doTogether((sayings: readonly Saying[]) => transact((tx) => sayTogether(tx, sayings)), limits)
}

/** One for each program; tests run several in a process. */
const speakers = new WeakMap<Deps, ReturnType<typeof speakerOf>>()

/** Says something, in one transaction with what others say meanwhile. */
export async function say(deps: Deps, actor: Actor, draft: Draft): Promise<MessageRow> {
  const { to, clientId, text, mediaId = null } = draft
  if (mediaId !== null || text === undefined)
    return deps.transact((tx) => sendMessage(tx, actor, draft)).then(({ message }) => message)
  const speak = speakers.get(deps) ?? speakerOf(deps)
  speakers.set(deps, speak)
  const outcome = await speak({ actor, to, clientId, text: tidyText(text), mediaId })
  if (outcome instanceof Error) throw outcome
  return outcome
}
