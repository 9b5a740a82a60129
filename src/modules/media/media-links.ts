import { createHmac } from 'node:crypto'
import type { Config } from '../../platform/config.ts'
import { isSameSecret } from '../../platform/constant-time.ts'

type Secrets = Pick<Config, 'accessTokenSecrets'>

const periodSeconds = 90 * 60

/**
 * What makes an address of a file work without a bearer, until it expires: an HMAC-SHA-256 of id and moment, under a key that is
 * derived from the server's secret. It expires one to two periods of 90 minutes from now, at the same moment for all who ask in one, so
 * that browsers keep what they have loaded.
 */
export function signMediaLink(config: Secrets, id: string, at: Date): { expires: number; signature: string } {
  const period = Math.floor(at.getTime() / 1_000 / periodSeconds)
  const expires = (period + 2) * periodSeconds
  return { expires, signature: signatureOf(config.accessTokenSecrets[0] ?? '', id, expires) }
}

/** Whether this is a signature that one of the server's secrets gave for the file, and its time is not over. */
export function isMediaLink(
  config: Secrets,
  link: { id: string; expires: number; signature: string },
  at: Date,
): boolean {
  const { id, expires, signature } = link
  if (expires * 1_000 <= at.getTime()) return false
  return config.accessTokenSecrets.some((secret) => isSameSecret(signature, signatureOf(secret, id, expires)))
}

function signatureOf(secret: string, id: string, expires: number): string {
  const key = createHmac('sha256', secret).update('media links').digest()
  return createHmac('sha256', key).update(`${id} ${expires}`).digest('base64url')
}
