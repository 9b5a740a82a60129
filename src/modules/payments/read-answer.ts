import type { GatewayAnswer, GatewayEvent } from './gateway.ts'

/**
 * What a gateway answers when asked, as the events that it would have sent: under ids made of what they say, so that the same answer
 * is taken in once. Pure.
 */
export function readAnswer(
  payment: { paymentId: string; reference: string },
  answer: GatewayAnswer,
): GatewayEvent[] {
  const { paymentId } = payment
  if (answer.status === 'pending') return []
  if (answer.status === 'failed')
    return [{ ...payment, id: `asked:${paymentId}:failed`, kind: 'failed', reason: answer.reason }]
  return answer.captures.flatMap(({ captureReference, amount, refundedInAll }): GatewayEvent[] => {
    const id = `asked:${paymentId}:captured:${captureReference}`
    const captured = { ...payment, id, kind: 'captured', captureReference, amount } as const
    if (refundedInAll.amount === 0) return [captured]
    const refundId = `asked:${paymentId}:refunded:${captureReference}:${refundedInAll.amount}`
    return [captured, { ...payment, id: refundId, kind: 'refunded', captureReference, refundedInAll }]
  })
}
