import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import { defineJob, handle, type JobHandler, type Schedule } from '../../platform/jobs/jobs.ts'
import {
  type DeliveryRow,
  deleteSettled,
  findDue,
  findOverdueEndpoints,
  updatePendingAsFailed,
} from './delivery-queries.ts'
import { type EndpointRow, findEndpoint } from './endpoint-queries.ts'
import { queueNext, queueSending, sendDue } from './queue-sending.ts'
import { recordAttempt } from './record-attempt.ts'
import { sendMessage } from './send-message.ts'

/** How many requests an endpoint gets at once, over all nodes. */
const atOnce = 4
/** After so many the job makes room for that of another endpoint. */
const mostRounds = 25
const keptDays = 30
const deletedAtOnce = 5_000
const overdueMs = 5 * 60_000
const dayMs = 86_400_000

/** Finds what waits though nothing is going to send it, since its job was given up or lost. */
const sweep = defineJob('webhooks.sweep', Type.Object({}))
const cleanUp = defineJob('webhooks.clean-up', Type.Object({}))

export const webhookJobs: readonly JobHandler[] = [
  handle(sendDue, (deps, { endpointId }) => runSend(deps, endpointId)),
  handle(sweep, async ({ db, transact, clock }) => {
    const overdue = await findOverdueEndpoints(db, new Date(clock.now().getTime() - overdueMs))
    if (overdue.length > 0) await transact((tx) => queueSending(tx, overdue))
  }),
  handle(cleanUp, async ({ transact, clock }) => {
    const before = new Date(clock.now().getTime() - keptDays * dayMs)
    while ((await transact((tx) => deleteSettled(tx, { before, limit: deletedAtOnce }))) >= deletedAtOnce);
  }),
]

export const webhookSchedules: readonly Schedule[] = [
  { job: sweep, cron: '*/5 * * * *' },
  { job: cleanUp, cron: '51 3 * * *' },
]

/** Sends what is due, some at a time, until nothing is or something fails; then the rest of it waits for its time. */
async function runSend(deps: Deps, endpointId: string): Promise<void> {
  const { db, transact, clock } = deps
  let went = true
  for (let round = 0; went && round < mostRounds; round++) {
    const endpoint = await findEndpoint(db, endpointId)
    if (!endpoint) return
    if (endpoint.disabled_at !== null) {
      await transact((tx) => updatePendingAsFailed(tx, endpointId))
      return
    }
    const at = clock.now()
    if (endpoint.resting_until !== null && endpoint.resting_until > at) break
    const due = await findDue(db, { endpointId, at, limit: atOnce })
    const sent = await Promise.all(due.map((delivery) => attempt(deps, endpoint, delivery)))
    went = due.length > 0 && sent.every((isDelivered) => isDelivered)
  }
  await transact(async (tx) => {
    const endpoint = await findEndpoint(tx, endpointId)
    if (endpoint?.disabled_at === null) await queueNext(tx, endpoint, { at: clock.now() })
  })
}

/** Whether it got through. */
async function attempt(deps: Deps, endpoint: EndpointRow, delivery: DeliveryRow): Promise<boolean> {
  const { transact, clock, log } = deps
  const outcome = await sendMessage(deps, endpoint, delivery)
  const cause = { userId: null, at: clock.now() }
  const noted = await transact((tx) => recordAttempt(tx, cause, { delivery, outcome, spread: Math.random() }))
  if (noted?.disabled)
    log.warn(
      { webhook: endpoint.id, reason: noted.disabled },
      'a webhook was disabled: nobody takes what it is told',
    )
  return noted?.verdict === 'delivered'
}
