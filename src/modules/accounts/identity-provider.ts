import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions, KeyObject } from 'jose'

/** Who a verified bearer is at its provider, before it is known who that is here. */
export interface OutsideIdentity {
  readonly issuer: string
  readonly subject: string
  readonly claims: JWTPayload
}

/** An outside issuer whose bearers are accepted. */
export interface IdentityProvider {
  /** Without a slash at the end, whatever its tokens have. */
  readonly issuer: string
  readonly verification: JWTVerifyOptions
  key(at: Date): KeyObject | JWTVerifyGetKey
  keysVersion(): number
  /** What this provider asks of claims beside the standard. */
  accepts(claims: JWTPayload): boolean
  /** The claims with the person's e-mail address and name, asked of the provider where the token does not carry them. */
  describe(identity: OutsideIdentity, bearer: string): Promise<JWTPayload>
}

/** People leave out the slash that some issuers end in, or add one. */
export function bareIssuer(issuer: string): string {
  return issuer.replace(/\/+$/, '')
}

/** Asymmetric only: with HMAC allowed, a public key would do as the secret (RFC 8725, section 3.1). */
export function verificationOf(
  issuer: string,
  algorithms: string[],
  audience: string[] = [],
): JWTVerifyOptions {
  return {
    issuer: [issuer, `${issuer}/`],
    algorithms,
    ...(audience.length > 0 ? { audience } : {}),
    requiredClaims: ['sub', 'exp'],
    clockTolerance: clockToleranceSeconds,
  }
}

/** How far the provider's clock may be from ours. */
export const clockToleranceSeconds = 5
