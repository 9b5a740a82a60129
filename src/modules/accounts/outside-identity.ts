import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose'
import type { Config } from '../../platform/config.ts'
import { Refusal } from '../../platform/http/refusal.ts'
import type { Log } from '../../platform/log.ts'
import { setBounded } from './bounded-map.ts'
import { createClerkProvider } from './clerk-provider.ts'
import {
  bareIssuer,
  clockToleranceSeconds,
  type IdentityProvider,
  type OutsideIdentity,
} from './identity-provider.ts'
import { createOidcProvider } from './oidc-provider.ts'

const mostVerified = 5_000
const longestSubject = 255
const tokenTypes = /^(application\/)?(jwt|at\+jwt)$/i

export interface OutsideIdentities {
  /** Whether there is an outside provider at all. */
  readonly configured: boolean
  /**
   * Who a bearer is at its provider; null where the token is not valid.
   * @throws Refusal 502 where the provider's keys cannot be had
   */
  verify(bearer: string, at: Date): Promise<OutsideIdentity | null>
  /** The claims of a verified bearer, completed by its provider. */
  describe(identity: OutsideIdentity, bearer: string): Promise<JWTPayload>
}

interface Verified {
  readonly identity: OutsideIdentity
  readonly expires: number
  readonly keysVersion: number
}

/**
 * The JWTs of the configured providers (RFC 7519, RFC 8725). A verified token is remembered until it expires or the provider's keys
 * change: checking a signature takes 40 to 200 microseconds of processor time, which is as much as the rest of a small request.
 */
export function createOutsideIdentities(config: Config, log: Log): OutsideIdentities {
  const made = [createOidcProvider(config, log), createClerkProvider(config, log)]
  const providers = made.filter((provider) => provider !== null)
  const verified = new Map<string, Verified>()
  const providerOf = (issuer: string) => providers.find((provider) => provider.issuer === issuer)

  return {
    configured: providers.length > 0,
    async verify(bearer, at) {
      const provider = providerOf(issuerOf(bearer, verified))
      if (!provider) return null
      const seconds = at.getTime() / 1_000
      const known = verified.get(bearer)
      if (known && known.keysVersion === provider.keysVersion()) {
        return known.expires > seconds - clockToleranceSeconds ? known.identity : null
      }
      const keysVersion = provider.keysVersion()
      const claims = await readToken(provider, bearer, at, log)
      if (!claims?.exp || !isSubject(claims.sub)) return null
      const identity = { issuer: provider.issuer, subject: claims.sub, claims }
      setBounded(verified, bearer, { identity, expires: claims.exp, keysVersion }, mostVerified)
      return identity
    },
    describe: (identity, bearer) =>
      providerOf(identity.issuer)?.describe(identity, bearer) ?? Promise.resolve(identity.claims),
  }
}

/** What a token says of its issuer, unverified: it only chooses whose keys to verify it with. */
function issuerOf(bearer: string, verified: ReadonlyMap<string, Verified>): string {
  const known = verified.get(bearer)
  if (known) return known.identity.issuer
  try {
    return bareIssuer(decodeJwt(bearer).iss ?? '')
  } catch {
    return ''
  }
}

async function readToken(
  provider: IdentityProvider,
  bearer: string,
  at: Date,
  log: Log,
): Promise<JWTPayload | null> {
  const key = provider.key(at)
  const options = { ...provider.verification, currentDate: at }
  try {
    const { payload, protectedHeader } =
      typeof key === 'function'
        ? await jwtVerify(bearer, key, options)
        : await jwtVerify(bearer, key, options)
    const isBearer = tokenTypes.test(protectedHeader.typ ?? 'JWT') && isForBearers(payload)
    return isBearer && provider.accepts(payload) ? payload : null
  } catch (error) {
    if (error instanceof Refusal) throw error
    if (!(error instanceof errors.JOSEError))
      log.warn({ err: error }, 'a key of the identity provider is unusable')
    return null
  }
}

/** OpenID Connect Core 1.0, section 2. */
function isSubject(sub: unknown): sub is string {
  return typeof sub === 'string' && sub.length > 0 && sub.length <= longestSubject
}

/**
 * Not a security event such as a logout token (RFC 8417), and not bound to a key that a bearer does not prove to have (RFC 7800,
 * RFC 9449 section 7.2).
 */
function isForBearers({ events, cnf }: JWTPayload): boolean {
  return events === undefined && cnf === undefined
}
