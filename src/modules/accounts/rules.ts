import type { Role } from '../../platform/actor.ts'
import type { LinkPurpose, UserStatus } from '../../platform/database/schema.ts'

/** Parallel tabs may send the same refresh token at nearly the same moment; that is not theft. */
export const reuseGraceSeconds = 10

export interface TokenFacts {
  readonly rotated_at: Date | null
  readonly expires_at: Date
  readonly revoked_at: Date | null
  readonly status: UserStatus
}

/** What presenting a refresh token at a time leads to. */
export function rotationOf(token: TokenFacts, at: Date): 'rotate' | 'reused' | 'ended' {
  if (token.revoked_at || token.expires_at <= at || token.status !== 'active') return 'ended'
  if (token.rotated_at && at.getTime() - token.rotated_at.getTime() > reuseGraceSeconds * 1_000)
    return 'reused'
  return 'rotate'
}

const hour = 3_600
const day = 24 * hour

/** Nobody stays signed in for longer without signing in again, however often they come back. */
const longestSessionSeconds = 90 * day

/** When a session ends that is renewed now: so long after, but not later than the longest that one may last. */
export function sessionEnd(beganAt: Date, at: Date, lifetimeSeconds: number): Date {
  const longest = Math.max(longestSessionSeconds, lifetimeSeconds)
  return new Date(Math.min(at.getTime() + lifetimeSeconds * 1_000, beganAt.getTime() + longest * 1_000))
}

/** How long a one-time link works, in seconds. */
export const linkSeconds = {
  password_reset: hour,
  email_verification: 3 * day,
  admin_claim: day,
} as const satisfies Record<LinkPurpose, number>

/** A password-reset link that invites somebody: they did not ask for it and may be away. */
export const invitationSeconds = 7 * day

const pauseSeconds = 60

/** Whether another mail of a kind may go to a person: at most one a minute. */
export function mayMailAgain(lastSentAt: Date | null, at: Date): boolean {
  return lastSentAt === null || at.getTime() - lastSentAt.getTime() >= pauseSeconds * 1_000
}

export interface MailFacts {
  readonly status: UserStatus
  readonly hasPassword: boolean
  readonly hasIdentity: boolean
}

/** Whether somebody may set a password by mail: who has one, or was invited to choose one, but not who signs in elsewhere. */
export function mayResetPassword({ status, hasPassword, hasIdentity }: MailFacts): boolean {
  return status === 'active' && (hasPassword || !hasIdentity)
}

export interface Standing {
  readonly role: Role
  readonly status: UserStatus
}

/** The change that a wish makes to a person's role and status, null where it makes none. */
export function changeOf(
  before: Standing,
  wish: { role?: Role; status?: 'active' | 'suspended' },
): { from: Standing; to: Standing } | null {
  const to = { role: wish.role ?? before.role, status: wish.status ?? before.status }
  return to.role === before.role && to.status === before.status ? null : { from: before, to }
}

/**
 * Whether nobody could run the school any more.
 * @param admins the ids of all active admins
 * @param to what the person is to become; null: deleted
 */
export function leavesNoAdmin(admins: readonly string[], userId: string, to: Standing | null): boolean {
  const stays = to?.role === 'admin' && to.status === 'active'
  return !stays && admins.length === 1 && admins[0] === userId
}
