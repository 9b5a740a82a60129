import type { Actor } from '../../platform/actor.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'

/** Only who is to pay, and admins, know of a payment. */
export function requireReader<Payment extends { readonly user_id: string }>(
  actor: Actor,
  payment: Payment | undefined,
): Payment {
  if (!payment || (payment.user_id !== actor.userId && actor.role !== 'admin')) throw refuse(notFound)
  return payment
}
