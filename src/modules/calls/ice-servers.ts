import { createHmac } from 'node:crypto'
import type { Cause } from '../../platform/actor.ts'
import type { Config } from '../../platform/config.ts'
import { longestHours } from './rules.ts'
import type { IceServers } from './schemas.ts'

/**
 * The servers through which two devices find each other. TURN credentials are made of the time and the secret that the TURN server
 * shares with us, and live as long as a call may last: "A REST API For Access To TURN Services", draft-uberti-behave-turn-rest-00,
 * section 2.2, as coturn's `use-auth-secret` reads it.
 */
export function makeIceServers(ice: Config['ice'], { userId, at }: Cause & { userId: string }): IceServers {
  const expiresAt = new Date(at.getTime() + longestHours * 3_600_000)
  const username = `${Math.floor(expiresAt.getTime() / 1_000)}:${userId}`
  const stun = ice.stunUrls.length > 0 ? [{ urls: [...ice.stunUrls] }] : []
  if (ice.turn === null) return { iceServers: stun, expiresAt }
  const credential = createHmac('sha1', ice.turn.secret).update(username).digest('base64')
  return { iceServers: [...stun, { urls: [...ice.turn.urls], username, credential }], expiresAt }
}
