import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { readBearer } from '../../platform/http/guard.ts'
import { bearerByHandler } from '../../platform/http/policy.ts'
import { perAddress } from '../../platform/http/rate-limits.ts'
import { identityProviderFailed, refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { responses } from '../../platform/http/schemas.ts'
import { createAccessTokens } from './access-tokens.ts'
import { createAuthenticate } from './authenticate.ts'
import { accountSuspended, emailTaken, identityIncomplete, identityProviderNotConfigured } from './errors.ts'
import { outsideBearersOf } from './outside-bearers.ts'
import { presentUser } from './present.ts'
import { findUser } from './queries.ts'
import { SyncedUser, SyncRequest } from './schemas.ts'

export function identityRoutes(app: App, deps: Deps): void {
  const { config, clock, db } = deps
  const tokens = createAccessTokens(config.accessTokenSecrets, config.accessTokenSeconds)
  const authenticate = createAuthenticate(deps)
  const outside = outsideBearersOf(deps)

  app.post(
    '/auth/sync-user',
    {
      config: { policy: bearerByHandler, ...perAddress(600) },
      schema: {
        operationId: 'syncUser',
        summary: "Make or link the user of an outside identity provider's bearer",
        description:
          'Send the bearer of Clerk or another OpenID Connect issuer after signing in there. Every other route accepts it, too.',
        tags: ['Accounts and sessions'],
        security: [{ bearer: [] }],
        body: SyncRequest,
        response: responses(
          { 200: SyncedUser },
          unauthenticated,
          identityIncomplete,
          accountSuspended,
          emailTaken,
          identityProviderFailed,
          identityProviderNotConfigured,
        ),
      },
    },
    async (request) => {
      const bearer = readBearer(request)
      if (bearer === null) throw refuse(unauthenticated)
      const userId = await whose(bearer)
      const user = userId === null ? undefined : await findUser(db, userId)
      if (!user) throw refuse(unauthenticated)
      if (user.status !== 'active') throw refuse(accountSuspended)
      return { user: presentUser(user, config) }
    },
  )

  async function whose(bearer: string): Promise<string | null> {
    if (tokens.isOurs(bearer)) return (await authenticate(bearer, clock.now()))?.userId ?? null
    if (!outside.configured) throw refuse(identityProviderNotConfigured)
    return (await outside.whoIs(bearer, clock.now()))?.userId ?? null
  }
}
