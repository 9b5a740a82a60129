import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { hashRefreshToken, newRefreshToken, type OpenedSession } from './open-session.ts'
import { revokeSessions } from './revoke-sessions.ts'
import { rotationOf, sessionEnd } from './rules.ts'
import { lockToken, rotateToken } from './session-queries.ts'

export type Refreshed =
  | {
      readonly outcome: 'rotated'
      readonly userId: string
      readonly native: boolean
      readonly session: OpenedSession
    }
  | { readonly outcome: 'reused'; readonly ended: readonly string[] }

/**
 * Rotates a refresh token. A token that was rotated before, outside the grace, is stolen or its thief was here first: the whole
 * session ends. That must commit, so it is an outcome and not an error.
 */
export async function refreshSession(
  tx: Tx,
  cause: Cause,
  input: { refreshToken: string; lifetimeSeconds: number },
): Promise<Refreshed> {
  const hash = hashRefreshToken(input.refreshToken)
  const held = await lockToken(tx, hash)
  if (!held) throw refuse(unauthenticated, 'This refresh token is not known. Sign in again.')
  const rotation = rotationOf(held, cause.at)
  if (rotation === 'ended') throw refuse(unauthenticated, 'The session has ended. Sign in again.')
  if (rotation === 'reused') {
    const ended = await revokeSessions(tx, cause, {
      userId: held.user_id,
      only: held.session_id,
      reason: 'refresh_token_reused',
    })
    return { outcome: 'reused', ended }
  }
  const next = newRefreshToken()
  const expiresAt = sessionEnd(held.beganAt, cause.at, input.lifetimeSeconds)
  await rotateToken(tx, { from: hash, to: next.hash, sessionId: held.session_id, at: cause.at, expiresAt })
  return {
    outcome: 'rotated',
    userId: held.user_id,
    native: held.native,
    session: { sessionId: held.session_id, refreshToken: next.token, expiresAt },
  }
}
