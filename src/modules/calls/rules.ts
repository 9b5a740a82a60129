import type { CallState } from '../../platform/database/schema.ts'

/** How long a call rings. */
export const ringSeconds = 45
/** A call ends when a device of it has not been connected for so long. */
export const lostAfterSeconds = 20
/** The same where its node cannot say any more that it is gone: longer than a database may be away between two signs of life. */
export const abandonedAfterSeconds = 60
/** No call is longer; the TURN credentials live as long. */
export const longestHours = 12
/** After this, a call that is over is in nobody's list any more. */
export const keptDays = 180

/** Why a call is over, as people are told; `lost`: a device vanished and did not come back. */
export const toldReasons = ['hangup', 'declined', 'cancelled', 'timeout', 'busy', 'lost', 'too_long'] as const
type ToldReason = (typeof toldReasons)[number]
/** Why it is; `gone`: an account was suspended or deleted. */
export type EndReason = ToldReason | 'blocked' | 'gone'

export type Side = 'caller' | 'callee'

const next: Readonly<Record<CallState, readonly CallState[]>> = {
  ringing: ['active', 'declined', 'cancelled', 'missed'],
  active: ['ended'],
  declined: [],
  cancelled: [],
  missed: [],
  busy: [],
  ended: [],
}

/** Whether a call may go from one state to another. */
export function canBecome(from: CallState, to: CallState): boolean {
  return next[from].includes(to)
}

/** Whether the people of it are in the call, and so in no other. */
export function isLive(state: CallState): state is 'ringing' | 'active' {
  return state === 'ringing' || state === 'active'
}

/** What a live call becomes when one side ends it. */
export function endedBy(side: Side, state: 'ringing' | 'active'): { to: CallState; reason: EndReason } {
  if (state === 'active') return { to: 'ended', reason: 'hangup' }
  return side === 'caller' ? { to: 'cancelled', reason: 'cancelled' } : { to: 'declined', reason: 'declined' }
}

/** What a live call becomes when it ends for another reason than that one of the two wants it. */
export function endedFor(reason: EndReason, state: 'ringing' | 'active'): CallState {
  if (state === 'active') return 'ended'
  return reason === 'timeout' ? 'missed' : 'cancelled'
}

/**
 * The reason that people are told. That somebody was blocked, or that an account is closed, is nobody's to know: it looks as if the
 * other had hung up, or given up.
 */
export function toldReason(reason: EndReason, state: CallState): ToldReason {
  if (reason === 'blocked' || reason === 'gone') return state === 'ended' ? 'hangup' : 'cancelled'
  return reason
}

/** How long two people were connected; 0 where they were not. */
export function secondsOf(call: { answered_at: Date | null; ended_at: Date | null }): number {
  if (!call.answered_at || !call.ended_at) return 0
  return Math.max(0, Math.round((call.ended_at.getTime() - call.answered_at.getTime()) / 1_000))
}

/**
 * Why a live call should end without anybody wanting it, or undefined.
 * @param call.seenAt when that of its devices was seen that has been away for longest
 */
export function whyLost(call: {
  seenAt: Date | null
  startedAt: Date
  at: Date
  afterSeconds: number
}): 'lost' | 'too_long' | undefined {
  const secondsSince = (moment: Date) => (call.at.getTime() - moment.getTime()) / 1_000
  if (secondsSince(call.startedAt) >= longestHours * 3_600) return 'too_long'
  return call.seenAt && secondsSince(call.seenAt) >= call.afterSeconds ? 'lost' : undefined
}

/** The moment at which a call that began then has rung long enough. */
export function ringsUntil(createdAt: Date): Date {
  return new Date(createdAt.getTime() + ringSeconds * 1_000)
}

interface LiveCall {
  readonly id: string
  readonly caller_id: string
  readonly callee_id: string
  readonly state: CallState
  readonly created_at: Date
  /** The device that called. */
  readonly caller_socket: string | null
}

interface Invitation {
  readonly from: string
  readonly to: string
  readonly socketId: string
  readonly at: Date
}

export type InviteAnswer<Call> =
  | { readonly outcome: 'free' }
  | { readonly outcome: 'overdue' | 'crossing' | 'same'; readonly call: Call }
  | { readonly outcome: 'already_in_call' | 'busy' }

// Its job ends a call when the time is up; where no worker runs, the next who calls does.
const overdueMs = 10_000

/**
 * What becomes of an invitation, given the live calls that either of the two is in. Both calling at once is one call: the later
 * invitation accepts the earlier. The same device asking again, whose first answer was lost, gets the call that it has.
 */
export function answerToInvite<Call extends LiveCall>(
  { from, to, socketId, at }: Invitation,
  live: readonly Call[],
): InviteAnswer<Call> {
  const isOverdue = (call: Call) =>
    call.state === 'ringing' && at.getTime() > ringsUntil(call.created_at).getTime() + overdueMs
  const overdue = live.find(isOverdue)
  if (overdue) return { outcome: 'overdue', call: overdue }
  const own = live.find((call) => call.caller_id === from || call.callee_id === from)
  if (!own) return { outcome: live.length === 0 ? 'free' : 'busy' }
  if (own.state === 'ringing' && own.caller_id === to) return { outcome: 'crossing', call: own }
  if (own.callee_id === to && own.caller_socket === socketId) return { outcome: 'same', call: own }
  return { outcome: 'already_in_call' }
}
