import type { PaymentStatus } from '../../platform/database/schema.ts'
import { formatMoney } from '../../platform/money.ts'

export interface ReceiptFacts {
  readonly school: string
  readonly payment: {
    readonly id: string
    readonly gateway: string
    readonly amount: number
    readonly currency: string
    readonly list_amount: number
    readonly refunded_amount: number
    readonly capture_reference: string | null
  }
  readonly capturedAt: Date
  readonly courseTitle: string
  /** Null where they were deleted. */
  readonly person: { readonly name: string; readonly email: string } | null
}

/** Whether money came in for it: only then is there something to receipt. */
export function hasReceipt(status: PaymentStatus): boolean {
  return status === 'captured' || status === 'refunded'
}

/** What a receipt says, label by label. */
export function receiptLines(facts: ReceiptFacts): [label: string, value: string][] {
  const { payment, person } = facts
  const { amount, currency, list_amount, refunded_amount, capture_reference } = payment
  const money = (amount: number) => formatMoney({ amount, currency }, 'en')
  const discount = list_amount - amount
  const lines: [string, string][] = [
    ['Receipt number', payment.id],
    ['Date', `${facts.capturedAt.toISOString().slice(0, 10)} (UTC)`],
    ['Received from', person ? `${person.name} <${person.email}>` : 'a deleted account'],
    ['Course', facts.courseTitle],
    ['Price', money(list_amount)],
  ]
  if (discount > 0) lines.push(['Discount', `-${money(discount)}`])
  lines.push(['Paid', money(amount)])
  if (refunded_amount > 0) {
    lines.push(['Refunded', `-${money(refunded_amount)}`])
    lines.push(['Kept', money(amount - refunded_amount)])
  }
  const reference = capture_reference === null ? '' : `, ${capture_reference}`
  lines.push([
    'Paid through',
    payment.gateway === 'coupon' ? 'a coupon for the whole price' : `${payment.gateway}${reference}`,
  ])
  return lines
}
