import type { Config } from '../../platform/config.ts'
import type { Log } from '../../platform/log.ts'
import { bareIssuer, type IdentityProvider, verificationOf } from './identity-provider.ts'
import { askProvider, providerFailed } from './provider-answers.ts'
import { createProviderKeys } from './provider-keys.ts'

const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519']

interface Discovery {
  readonly jwks_uri: string
  readonly userinfo_endpoint?: string
}

/** Any OpenID Connect issuer; null where none is configured. Both its ID tokens and its JWT access tokens (RFC 9068) are bearers. */
export function createOidcProvider(config: Config, log: Log): IdentityProvider | null {
  const { jwksUrl, audience } = config.oidc
  if (!config.oidc.issuer) return null
  const issuer = bareIssuer(config.oidc.issuer)
  const audiences = (audience ?? '').split(/[\s,]+/).filter((name) => name !== '')
  if (audiences.length === 0) {
    log.warn('OIDC_AUDIENCE is not set: a token that the issuer made for any application signs in here')
  }
  const discover = createDiscovery(log, issuer)
  const keys = createProviderKeys(log, async () => jwksUrl ?? (await discover()).jwks_uri)

  return {
    issuer,
    verification: verificationOf(issuer, algorithms, audiences),
    key: (at) => (header, token) => keys.find(at, header, token),
    keysVersion: keys.version,
    accepts: () => true,
    async describe({ claims, subject }, bearer) {
      if (claims.email !== undefined || jwksUrl) return claims
      const { userinfo_endpoint: url } = await discover()
      if (!url) return claims
      const { body } = await askProvider(log, url, bearer)
      // The answer must be about the same person (OpenID Connect Core 1.0, section 5.3.2).
      return isRecord(body) && body.sub === subject ? { ...claims, ...body } : claims
    },
  }
}

/** Reads the provider's metadata (OpenID Connect Discovery 1.0, section 4) once it is needed, and keeps it. */
function createDiscovery(log: Log, issuer: string): () => Promise<Discovery> {
  const url = `${issuer}/.well-known/openid-configuration`
  let found: Discovery | null = null
  return async () => {
    if (found) return found
    const { body, status } = await askProvider(log, url)
    if (!isDiscovery(body) || bareIssuer(body.issuer) !== issuer) {
      log.warn({ url, status }, 'there is no metadata of the identity provider, or it names another issuer')
      throw providerFailed()
    }
    found = body
    return found
  }
}

function isDiscovery(body: unknown): body is Discovery & { issuer: string } {
  return isRecord(body) && typeof body.issuer === 'string' && typeof body.jwks_uri === 'string'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
