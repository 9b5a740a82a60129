import { createHash } from 'node:crypto'
import { createDecoder, createSigner, createVerifier } from 'fast-jwt'
import type { Role } from '../../platform/actor.ts'
import { setBounded } from './bounded-map.ts'

export interface AccessClaims {
  readonly sub: string
  readonly role: Role
  readonly sid: string
}

export interface AccessTokens {
  issue(claims: AccessClaims, at: Date): { token: string; expiresAt: Date }
  /** The claims of a token of ours that is valid at that time, else null. */
  read(token: string, at: Date): AccessClaims | null
  /** Whether the token says that it was signed here, valid or not. */
  isOurs(token: string): boolean
}

type Signed = AccessClaims & { readonly exp: number }

const mostRead = 10_000

/**
 * JWTs signed with HMAC-SHA256 (RFC 7519, RFC 7518 section 3.2).
 * @param secrets the first signs, all verify; the header's `kid` tells which
 */
export function createAccessTokens(secrets: readonly string[], seconds: number): AccessTokens {
  const keys = secrets.map((secret) => ({
    kid: createHash('sha256').update(secret).digest('base64url').slice(0, 11),
    secret,
  }))
  const first = keys[0]
  if (!first) throw new Error('No secret to sign access tokens with.')
  const sign = createSigner({ key: first.secret, algorithm: 'HS256', kid: first.kid, noTimestamp: true })
  // The time is the injected clock's, so that expiry is checked below.
  const verifiers = new Map(
    keys.map(({ kid, secret }) => [
      kid,
      createVerifier({ key: secret, algorithms: ['HS256'], ignoreExpiration: true }),
    ]),
  )
  const decode = createDecoder({ complete: true })
  // A person sends the same one with hundreds of requests. Whole tokens whose signature was right, and what they say; whether that
  // still holds is asked each time.
  const read = new Map<string, Signed>()

  function verifierOf(token: string) {
    try {
      const { header } = decode(token) as { header: { kid?: string } }
      return verifiers.get(header.kid ?? '') ?? null
    } catch {
      return null
    }
  }

  function verify(token: string): Signed | null {
    const known = read.get(token)
    if (known) return known
    const verifier = verifierOf(token)
    if (!verifier) return null
    try {
      const { sub, role, sid, exp } = verifier(token) as Signed
      const signed = { sub, role, sid, exp }
      setBounded(read, token, signed, mostRead)
      return signed
    } catch {
      return null
    }
  }

  return {
    issue(claims, at) {
      const iat = Math.floor(at.getTime() / 1_000)
      const exp = iat + seconds
      return { token: sign({ ...claims, iat, exp }), expiresAt: new Date(exp * 1_000) }
    },
    read(token, at) {
      const signed = verify(token)
      return signed && signed.exp * 1_000 > at.getTime() ? signed : null
    },
    isOurs: (token) => verifierOf(token) !== null,
  }
}
