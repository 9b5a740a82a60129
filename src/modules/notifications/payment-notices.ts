import type { Tx } from '../../platform/database/database.ts'
import type { Fact } from '../../platform/events/events.ts'
import type { Money } from '../../platform/money.ts'
import { findCourseTitles } from '../catalogue/index.ts'
import { tellPeople } from './tell-people.ts'
import { paymentWords } from './words.ts'

interface PaymentPayload {
  readonly paymentId: string
  readonly enrollmentId: string
  readonly courseId: string
  readonly userId: string
}

// Another payment took its place, or the enrollment ended, of which its student hears anyway.
const silent = new Set(['superseded', 'enrollment_cancelled', 'expired'])

export async function tellPaymentFailed(
  tx: Tx,
  fact: Fact<PaymentPayload & { reason: string }>,
): Promise<void> {
  if (!silent.has(fact.payload.reason)) await tellPayer(tx, fact, { what: 'failed', money: null })
}

/** Money moved; where nothing did, as for a coupon that pays for all, there is nothing to tell. */
export async function tellMoney(
  tx: Tx,
  fact: Fact<PaymentPayload & { amount: Money }>,
  what: 'captured' | 'refunded' | 'returned',
): Promise<void> {
  if (fact.payload.amount.amount > 0) await tellPayer(tx, fact, { what, money: fact.payload.amount })
}

async function tellPayer(
  tx: Tx,
  fact: Fact<PaymentPayload>,
  { what, money }: { what: 'captured' | 'failed' | 'refunded' | 'returned'; money: Money | null },
): Promise<void> {
  const { paymentId, enrollmentId, courseId, userId } = fact.payload
  const [course] = await findCourseTitles(tx, [courseId])
  if (!course) return
  const data = { event: fact.type, paymentId, enrollmentId, courseId }
  const words = paymentWords(what, money, course.title)
  const notice = { factId: fact.id, kind: 'payment' as const, data, ...words }
  await tellPeople(tx, fact, { notice, userIds: [userId] })
}
