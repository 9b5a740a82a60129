import { randomBytes } from 'node:crypto'
import { badField } from '../../platform/http/refusal.ts'
import { seal, unseal } from '../../platform/sealing.ts'
import { keyOfSecret, secretPrefix } from './rules.ts'

const purpose = 'lectern webhook secret'
const secretBytes = 32

/**
 * The secret that was given, or a new one, and how it is kept: sealed, since it must be there to sign with.
 * @throws Refusal 400 where it claims to be one of Standard Webhooks and is none
 */
export function takeSecret(
  given: string | undefined,
  accessTokenSecrets: readonly string[],
): { secret: string; sealed: Buffer } {
  const secret = given ?? `${secretPrefix}${randomBytes(secretBytes).toString('base64')}`
  if (!keyOfSecret(secret)) throw badField('/secret', 'must have 24 to 64 bytes in base64 after whsec_')
  const [sealing] = accessTokenSecrets
  if (sealing === undefined) throw new Error('No secret to seal the secrets of webhooks under.')
  return { secret, sealed: seal(Buffer.from(secret), sealing, purpose) }
}

/** Null where none of the secrets of the configuration opens it any more. */
export function openSecret(sealed: Buffer, accessTokenSecrets: readonly string[]): string | null {
  return unseal(sealed, accessTokenSecrets, purpose)?.toString() ?? null
}
