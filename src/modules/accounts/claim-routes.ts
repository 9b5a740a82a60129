import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { stranger } from '../../platform/http/guard.ts'
import { anyone } from '../../platform/http/policy.ts'
import { perAddress } from '../../platform/http/rate-limits.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { responses } from '../../platform/http/schemas.ts'
import { claimAdmin } from './claim-admin.ts'
import { linkInvalid } from './errors.ts'
import { createLinkTokens } from './link-tokens.ts'
import { hashPassword } from './passwords.ts'
import { AdminClaim, SignedIn } from './schemas.ts'
import { createSessionReplies, deviceOf } from './session-replies.ts'

export function claimRoutes(app: App, deps: Deps): void {
  const { config, clock, transact, revocations } = deps
  const tokens = createLinkTokens(config.accessTokenSecrets)
  const replies = createSessionReplies(deps)
  const lifetimeSeconds = config.refreshTokenSeconds

  app.post(
    '/auth/claim',
    {
      config: { policy: anyone, ...perAddress(30) },
      schema: {
        operationId: 'claimAdmin',
        summary: 'Become the first admin, by the link that the first start printed',
        tags: ['Accounts and sessions'],
        body: AdminClaim,
        response: responses({ 201: SignedIn }, linkInvalid),
      },
    },
    async (request, reply) => {
      const { token, email, name, password, client } = request.body
      const linkId = tokens.read('admin_claim', token)
      if (!linkId) throw refuse(linkInvalid)
      const passwordHash = await hashPassword(password, config.passwordCost)
      const device = deviceOf(request, client === 'native')
      const input = { linkId, email, name, passwordHash, device, lifetimeSeconds }
      const { user, session, ended } = await transact((tx) => claimAdmin(tx, stranger(clock), input))
      revocations.add(ended)
      reply.code(201)
      return replies.signedIn(reply, user, session, device.native)
    },
  )
}
