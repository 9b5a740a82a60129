import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf, stranger } from '../../platform/http/guard.ts'
import { anyone, signedIn } from '../../platform/http/policy.ts'
import { perAddress } from '../../platform/http/rate-limits.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { responses } from '../../platform/http/schemas.ts'
import { linkInvalid } from './errors.ts'
import { createLinkTokens } from './link-tokens.ts'
import { offerVerification } from './offer-verification.ts'
import { LinkRequest, MailPromised } from './schemas.ts'
import { verifyEmail } from './verify-email.ts'

const tags = ['Accounts and sessions']

export function emailRoutes(app: App, { config, clock, transact }: Deps): void {
  const tokens = createLinkTokens(config.accessTokenSecrets)

  app.post(
    '/auth/email/verify',
    {
      config: { policy: anyone, ...perAddress(60) },
      schema: {
        operationId: 'verifyEmail',
        summary: 'Prove an e-mail address by the link that was mailed to it',
        tags,
        body: LinkRequest,
        response: responses({ 204: Type.Null() }, linkInvalid),
      },
    },
    async (request, reply) => {
      const linkId = tokens.read('email_verification', request.body.token)
      if (!linkId) throw refuse(linkInvalid)
      await transact((tx) => verifyEmail(tx, stranger(clock), { linkId }))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/auth/email/resend',
    {
      config: { policy: signedIn, ...perAddress(30) },
      schema: {
        operationId: 'resendVerification',
        summary: 'Have the link that verifies the own e-mail address mailed again, once a minute at most',
        tags,
        response: responses({ 202: MailPromised }),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      await transact((tx) => offerVerification(tx, actor, { userId: actor.userId }))
      reply.code(202)
      return { detail: 'A mail is on its way, unless the address is verified or one was sent just now.' }
    },
  )
}
