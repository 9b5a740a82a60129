import { createPublicKey, type KeyObject } from 'node:crypto'
import type { JWTPayload } from 'jose'
import type { Config } from '../../platform/config.ts'
import { refuse, unauthenticated } from '../../platform/http/refusal.ts'
import type { Log } from '../../platform/log.ts'
import { bareIssuer, type IdentityProvider, verificationOf } from './identity-provider.ts'
import { askProvider, providerFailed } from './provider-answers.ts'
import { createProviderKeys } from './provider-keys.ts'

/**
 * Clerk's session tokens (its documentation, "Session tokens" and "Manual JWT verification"); null where it is not configured.
 * They carry no e-mail address unless customized, so the Backend API is asked for it on first sight.
 */
export function createClerkProvider(config: Config, log: Log): IdentityProvider | null {
  const { clerk, corsOrigins } = config
  if (!clerk.issuer) return null
  const issuer = bareIssuer(clerk.issuer)
  const pem = clerk.jwtKey ? readPem(clerk.jwtKey) : null
  const keys = createProviderKeys(log, async () => `${issuer}/.well-known/jwks.json`)
  return {
    issuer,
    verification: verificationOf(issuer, ['RS256']),
    key: (at) => pem ?? ((header, token) => keys.find(at, header, token)),
    keysVersion: keys.version,
    accepts: ({ azp, sts }) => sts !== 'pending' && isOurFrontEnd(azp, corsOrigins),
    async describe({ claims, subject }) {
      const said = claims.email !== undefined && claims.email_verified !== undefined
      if (said || !clerk.secretKey) return claims
      const url = `${clerk.apiUrl}/v1/users/${encodeURIComponent(subject)}`
      const { status, body } = await askProvider(log, url, clerk.secretKey)
      if (status === 404)
        throw refuse(unauthenticated, 'This person is no longer known to the identity provider.')
      if (status !== 200) {
        log.error({ status }, 'Clerk does not accept CLERK_SECRET_KEY')
        throw providerFailed()
      }
      return { ...claims, ...claimsOf((body ?? {}) as ClerkUser) }
    },
  }
}

/** The authorized party is the front end's origin; native apps have none, and Clerk has it skipped where it is absent. */
function isOurFrontEnd(azp: unknown, origins: readonly string[]): boolean {
  return azp === undefined || origins.length === 0 || origins.some((origin) => bareIssuer(origin) === azp)
}

/** The part of Clerk's user object (Backend API, `GET /v1/users/{user_id}`) that is used. */
interface ClerkUser {
  readonly primary_email_address_id?: string | null
  readonly email_addresses?: readonly {
    readonly id: string
    readonly email_address: string
    readonly verification?: { readonly status: string } | null
  }[]
  readonly first_name?: string | null
  readonly last_name?: string | null
  readonly username?: string | null
}

function claimsOf(user: ClerkUser): JWTPayload {
  const address = user.email_addresses?.find(({ id }) => id === user.primary_email_address_id)
  return {
    email: address?.email_address,
    email_verified: address?.verification?.status === 'verified',
    given_name: user.first_name,
    family_name: user.last_name,
    preferred_username: user.username,
  }
}

/** A PEM in an environment variable often has its line breaks written as `\n`. */
function readPem(pem: string): KeyObject {
  try {
    return createPublicKey(pem.replaceAll('\\n', '\n'))
  } catch (error) {
    throw new Error('CLERK_JWT_KEY is not a public key in PEM format.', { cause: error })
  }
}
