import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { signatureHeader } from '../src/modules/payments/simulator.ts'
import { signBody } from '../src/modules/payments/simulator-signature.ts'
import { newId } from '../src/platform/ids.ts'
import { type Client, httpClient } from '../test/support/http.ts'
import { type Measured, summarize } from './load.ts'
import { findNewcomers } from './people.ts'
import { bearerOf, type Stand, startSchool, webhookSecret } from './stand.ts'

export interface PurchaseFigures {
  /** From the wish to enroll to access, paid on the simulator's page: three requests, a job, a webhook, a job. */
  readonly purchase: Measured
  /** From the answer to the webhook to access. */
  readonly webhook: Measured
}

const patienceMs = 30_000

/** One purchase after another, in a server of this school that works its jobs itself, as `npm start` does. */
export async function measurePurchases(
  stand: Stand,
  options: { count: number; folder: string },
): Promise<PurchaseFigures> {
  const { server, origin } = await startSchool(stand.url, join(options.folder, 'purchases'), {
    JOBS: 'inline',
  })
  const warming = 5
  try {
    const newcomers = await findNewcomers(stand, { count: 2 * (options.count + warming), free: false })
    const purchase: number[] = []
    const webhook: number[] = []
    for (const [n, { user, course: courseId }] of newcomers.entries()) {
      const student = httpClient(origin, bearerOf(user, 'student'))
      const began = performance.now()
      await expectStatus(student.post('/api/enrollments', { courseId }))
      const { body } = await expectStatus(
        student.post('/api/payments/create', { courseId, gateway: 'simulator' }),
      )
      const byPage = n % 2 === 0
      if (byPage)
        await expectStatus(student.post(`/api/payments/simulator/${body.payment.id}`, { outcome: 'paid' }))
      else await expectStatus(sendWebhook(student, body.payment))
      const accepted = performance.now()
      await untilPurchased(student, courseId)
      const done = performance.now()
      if (n < 2 * warming) continue
      if (byPage) purchase.push(done - began)
      else webhook.push(done - accepted)
      // Unloaded: what a purchase causes later, such as its mail, is over before the next.
      await untilIdle(stand)
    }
    return { purchase: measured(purchase), webhook: measured(webhook) }
  } finally {
    await server.stop()
  }
}

function measured(times: readonly number[]): Measured {
  return summarize(times, times.reduce((sum, time) => sum + time, 0) / 1_000)
}

function sendWebhook(
  client: Client,
  payment: { id: string; amount: { amount: number; currency: string } },
): ReturnType<Client['post']> {
  const data = { paymentId: payment.id, ...payment.amount }
  const text = JSON.stringify({ id: newId(), type: 'payment.captured', data })
  const headers = {
    'content-type': 'application/json',
    [signatureHeader]: signBody(Buffer.from(text), webhookSecret, new Date()),
  }
  return client.post('/api/payments/webhook', text, { headers })
}

async function expectStatus(answer: ReturnType<Client['post']>): ReturnType<Client['post']> {
  const said = await answer
  if (said.status >= 300) throw new Error(`${said.status}: ${JSON.stringify(said.body)}`)
  return said
}

async function untilPurchased(student: Client, courseId: string): Promise<void> {
  const late = AbortSignal.timeout(patienceMs)
  for (;;) {
    const { body } = await student.get(`/api/courses/${courseId}/enrollment-status`)
    if (body.purchased === true && body.enrolled === true) return
    if (late.aborted) throw new Error(`no access: ${JSON.stringify(body)}`)
    await wait(1)
  }
}

/** Until no event waits, and no job is left that is due. */
async function untilIdle({ client }: Stand): Promise<void> {
  const late = AbortSignal.timeout(patienceMs)
  for (;;) {
    const { rows } = await client.query(
      `select from waiting_events union all
       select from graphile_worker.jobs where run_at <= now() and attempts < max_attempts limit 1`,
    )
    if (rows.length === 0 || late.aborted) return
    await wait(20)
  }
}
