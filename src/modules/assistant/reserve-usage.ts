import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { AssistantTask } from '../../platform/database/schema.ts'
import { rateLimited, refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { holdAccount } from '../accounts/index.ts'
import { insertUsage, lockDay } from './queries.ts'
import { dayOf, heldUntil, isWithinQuota, secondsToNextDay } from './rules.ts'

/**
 * Takes a place in the person's quota of the day, before the model is asked. A place that nobody gives back, since the process died, is
 * free again when it is held no longer.
 */
export async function reserveUsage(
  tx: Tx,
  actor: Actor,
  { task, model, quota }: { task: AssistantTask; model: string; quota: number },
): Promise<string> {
  const { userId, at } = actor
  // Of somebody whose account was deleted in this moment nothing is noted, which nobody would erase any more.
  if (!(await holdAccount(tx, userId))) throw refuse(unauthenticated)
  const day = dayOf(at)
  if (!isWithinQuota(await lockDay(tx, { userId, day, at }), quota))
    throw refuse(
      rateLimited,
      `The assistant answers a person ${quota} times a day. Ask again tomorrow (UTC).`,
      {
        retryAfterSeconds: secondsToNextDay(at),
      },
    )
  const id = newId()
  await insertUsage(tx, { id, userId, day, task, model, beganAt: at, heldUntil: heldUntil(at) })
  return id
}
