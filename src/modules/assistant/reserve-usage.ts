import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { AssistantTask } from '../../platform/database/schema.ts'
import { rateLimited, refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { holdAccount } from '../accounts/index.ts'
import { deleteAsking, findAskedUntil, findOutput, insertUsage, lockDay, upsertAsking } from './queries.ts'
import { dayOf, heldUntil, isWithinQuota, secondsToNextDay } from './rules.ts'

/** `asked`: somebody asks the same, and holds it until then; `answered`: it was answered just now, and is kept. */
export type Reservation =
  | { readonly state: 'reserved'; readonly id: string }
  | { readonly state: 'asked'; readonly until: Date }
  | { readonly state: 'answered' }

/**
 * Takes a question and a place in the person's quota of the day, before the model is asked: of those who ask the same at the same moment
 * one does, and the others take nothing. A place that nobody gives back, since the process died, is free again when it is held no
 * longer, and so is the question.
 * @param question.madeSince an older output is no answer; undefined: none is
 */
export async function reserveUsage(
  tx: Tx,
  actor: Actor,
  question: {
    key: string
    task: AssistantTask
    model: string
    quota: number
    madeSince: Date | null | undefined
  },
): Promise<Reservation> {
  const { userId, at } = actor
  const { key, task, model, quota, madeSince } = question
  // Of somebody whose account was deleted in this moment nothing is noted, which nobody would erase any more.
  if (!(await holdAccount(tx, userId))) throw refuse(unauthenticated)
  const id = newId()
  const held = heldUntil(at)
  if (!(await upsertAsking(tx, { key, usageId: id, heldUntil: held }, at)))
    return { state: 'asked', until: (await findAskedUntil(tx, key)) ?? at }
  // Whoever asked it before has kept the answer in the transaction that let go of the question.
  if (madeSince !== undefined && (await findOutput(tx, { key, madeSince }))) {
    await deleteAsking(tx, id)
    return { state: 'answered' }
  }
  const day = dayOf(at)
  if (!isWithinQuota(await lockDay(tx, { userId, day, at }), quota))
    throw refuse(
      rateLimited,
      `The assistant answers a person ${quota} times a day. Ask again tomorrow (UTC).`,
      {
        retryAfterSeconds: secondsToNextDay(at),
      },
    )
  await insertUsage(tx, { id, userId, day, task, model, beganAt: at, heldUntil: held })
  return { state: 'reserved', id }
}
