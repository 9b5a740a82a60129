import type { PaymentStatus } from '../../platform/database/schema.ts'
import { type Money, sameMoney } from '../../platform/money.ts'

const next: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  pending: ['captured', 'failed'],
  // Money that came after all is honoured; nothing undoes money that came.
  failed: ['captured'],
  captured: ['refunded'],
  refunded: [],
}

/** Whether a payment may go from one state to another: only forward. */
export function canBecome(from: PaymentStatus, to: PaymentStatus): boolean {
  return next[from].includes(to)
}

/** When a gateway is asked first how a payment stands: a webhook that is not lost has come by then. */
export function askedAfter(at: Date): Date {
  return new Date(at.getTime() + 120_000)
}

/** `pays`: access rests on it. Otherwise why it goes back. */
export type Verdict =
  | 'pays'
  | 'amount_mismatch'
  | 'captured_twice'
  | 'paid_twice'
  | 'student_gone'
  | 'coupon_exhausted'

/**
 * What a capture that we have not seen before is, as far as it is known without the student's account
 * (`student_gone`) and the coupon (`coupon_exhausted`).
 * @param paid whether another payment of the same person for the same course pays already
 */
export function judgeCapture(
  payment: { status: PaymentStatus; asked: Money },
  captured: Money,
  paid: boolean,
): Verdict {
  if (!canBecome(payment.status, 'captured')) return 'captured_twice'
  if (!sameMoney(payment.asked, captured)) return 'amount_mismatch'
  return paid ? 'paid_twice' : 'pays'
}

interface RefundFacts {
  readonly id: string
  readonly amount: number
  readonly status: 'requested' | 'done' | 'failed'
}

/** What is left to refund of a capture: what is on its way back counts as gone. */
export function restOf(captured: number, refunds: readonly RefundFacts[]): number {
  return captured - sum(refunds.filter(({ status }) => status !== 'failed'))
}

/** What a report of refunds changes: requests that are done, money that went back without us, requests that cannot be done any more. */
export interface Reading {
  readonly done: readonly string[]
  readonly elsewhere: number
  readonly impossible: readonly string[]
}

/**
 * Reads a gateway's report of all that it refunded of a capture. Of what it tells anew our own requests are taken as done, the oldest
 * first, as far as the money reaches; the rest was refunded without us. A report older than what we know tells nothing.
 */
export function readReport(captured: number, refunds: readonly RefundFacts[], reported: number): Reading {
  const known = sum(refunds.filter(({ status }) => status === 'done'))
  const requested = refunds.filter(({ status }) => status === 'requested')
  let left = Math.max(0, Math.min(reported, captured) - known)
  const done: string[] = []
  for (const { id, amount } of requested) {
    if (amount > left) continue
    done.push(id)
    left -= amount
  }
  const rest = captured - Math.max(known, reported)
  const waiting = requested.filter(({ id }) => !done.includes(id))
  return {
    done,
    elsewhere: left,
    impossible: waiting.filter(({ amount }) => amount > rest).map(({ id }) => id),
  }
}

function sum(refunds: readonly RefundFacts[]): number {
  return refunds.reduce((total, { amount }) => total + amount, 0)
}
