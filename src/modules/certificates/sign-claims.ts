import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { CompactSign, calculateJwkThumbprint } from 'jose'
import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { seal, unseal } from '../../platform/sealing.ts'
import { findKeys, insertKey } from './key-queries.ts'
import { type CertificateClaims, claimsText } from './rules.ts'

const purpose = 'lectern certificate signing key'

/** The configured secrets: the first seals, all open. */
export type Secrets = readonly string[]

/** Signs the claims with Ed25519: a JSON Web Signature in compact form (RFC 7515, RFC 8037). */
export async function signClaims(
  tx: Tx,
  cause: Cause,
  { claims, secrets }: { claims: CertificateClaims; secrets: Secrets },
): Promise<string> {
  const { kid, privateKey } =
    (await findSigningKey(tx, secrets)) ?? (await makeSigningKey(tx, cause, secrets))
  return new CompactSign(Buffer.from(claimsText(claims)))
    .setProtectedHeader({ alg: 'EdDSA', kid })
    .sign(privateKey)
}

interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
}

async function findSigningKey(tx: Tx, secrets: Secrets): Promise<SigningKey | undefined> {
  for (const { kid, sealed_private_key } of await findKeys(tx)) {
    const der = unseal(sealed_private_key, secrets, purpose)
    if (der) return { kid, privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) }
  }
  return undefined
}

/** The first time, and after the secret was changed for another. Two made at the same moment are both good. */
async function makeSigningKey(tx: Tx, cause: Cause, secrets: Secrets): Promise<SigningKey> {
  const [secret] = secrets
  if (secret === undefined) throw new Error('No secret to seal the key of the certificates under.')
  const { privateKey } = generateKeyPairSync('ed25519')
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  const kid = await calculateJwkThumbprint(publicJwk(x))
  const der = privateKey.export({ format: 'der', type: 'pkcs8' })
  await insertKey(tx, { kid, public_key: x, sealed_private_key: seal(der, secret, purpose) }, cause)
  return { kid, privateKey }
}

/** A public key as a JWK (RFC 8037, section 2). */
export function publicJwk(x: string) {
  return { kty: 'OKP', crv: 'Ed25519', x } as const
}
