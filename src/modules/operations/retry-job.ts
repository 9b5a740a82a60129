import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { retryDeadLetter } from '../../platform/jobs/dead-letters.ts'
import { jobRetried } from './events.ts'

/** An admin gives a dead letter its attempts back. */
export async function retryJob(tx: Tx, actor: Actor, jobId: string): Promise<void> {
  const name = await retryDeadLetter(tx, jobId)
  if (name === undefined) throw refuse(notFound, 'There is no dead letter with this id.')
  await publish(tx, jobRetried, { jobId, name }, actor)
}
