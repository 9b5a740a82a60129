import { createHash, randomBytes } from 'node:crypto'
import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { newId } from '../../platform/ids.ts'
import { sessionOpened } from './events.ts'
import { insertSession } from './session-queries.ts'

/** The device that signs in. */
export interface Device {
  readonly userAgent: string
  readonly address: string
  readonly native: boolean
}

export interface OpenedSession {
  readonly sessionId: string
  readonly refreshToken: string
  readonly expiresAt: Date
}

const tokenBytes = 32

export function newRefreshToken(): { token: string; hash: string } {
  const token = randomBytes(tokenBytes).toString('base64url')
  return { token, hash: hashRefreshToken(token) }
}

/** The token is 256 random bits, so a plain digest keeps it. */
export function hashRefreshToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** Begins a session of a person on a device, with its first refresh token. */
export async function openSession(
  tx: Tx,
  cause: Cause,
  input: { userId: string; device: Device; lifetimeSeconds: number },
): Promise<OpenedSession> {
  const { userId, device, lifetimeSeconds } = input
  const { token, hash } = newRefreshToken()
  const session = {
    id: newId(),
    user_id: userId,
    user_agent: device.userAgent.slice(0, 300),
    address: device.address,
    native: device.native,
    created_at: cause.at,
    last_used_at: cause.at,
    expires_at: new Date(cause.at.getTime() + lifetimeSeconds * 1_000),
  }
  await insertSession(tx, session, hash)
  await publish(tx, sessionOpened, { userId, sessionId: session.id }, { userId, at: cause.at })
  return { sessionId: session.id, refreshToken: token, expiresAt: session.expires_at }
}
