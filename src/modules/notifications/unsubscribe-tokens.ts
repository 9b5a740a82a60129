import { createHmac, hkdfSync } from 'node:crypto'
import type { Config } from '../../platform/config.ts'
import { isSameSecret } from '../../platform/constant-time.ts'
import type { NotificationKind } from '../../platform/database/schema.ts'
import { isId } from '../../platform/ids.ts'
import { isKind, traitsOf } from './kinds.ts'

/** Whose mails end, and of which kind. */
export interface Unsubscription {
  readonly userId: string
  readonly from: NotificationKind | 'all'
}

/**
 * What ends mails of a kind without a sign-in, for as long as the secret that signed it is listed: the person, the kind and their HMAC-SHA256 (RFC 2104)
 * under a key of this purpose (HKDF, RFC 5869). It opens nothing else.
 * @param secrets those of the access tokens: the first makes, all verify
 */
export function makeUnsubscribeToken(secrets: readonly string[], { userId, from }: Unsubscription): string {
  const told = `${userId}.${from}`
  return `${told}.${macsOf(secrets, told)[0]}`
}

/** What a token made here asks for; null for every other text. */
export function readUnsubscribeToken(secrets: readonly string[], token: string): Unsubscription | null {
  const [userId = '', from = '', mac = '', ...rest] = token.split('.')
  if (rest.length > 0 || !isId(userId) || (from !== 'all' && !isKind(from))) return null
  if (from !== 'all' && traitsOf(from).essential) return null
  const known = macsOf(secrets, `${userId}.${from}`).map((right) => isSameSecret(mac, right))
  return known.includes(true) ? { userId, from } : null
}

/** For the header of a mail (RFC 8058) and the link in it. */
export function unsubscribeUrl(config: Config, what: Unsubscription): string {
  return `${config.publicUrl}/unsubscribe?token=${makeUnsubscribeToken(config.accessTokenSecrets, what)}`
}

function macsOf(secrets: readonly string[], told: string): string[] {
  return secrets.map((secret) => createHmac('sha256', keyOf(secret)).update(told).digest('base64url'))
}

function keyOf(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'lectern unsubscription by mail', 32))
}
