import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf, stranger } from '../../platform/http/guard.ts'
import { anyone, signedIn } from '../../platform/http/policy.ts'
import { perAddress } from '../../platform/http/rate-limits.ts'
import { refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { responses } from '../../platform/http/schemas.ts'
import { addJob } from '../../platform/jobs/jobs.ts'
import { changePassword } from './change-password.ts'
import { confirmPassword } from './confirm-password.ts'
import { invalidCredentials, linkInvalid } from './errors.ts'
import { createLinkTokens } from './link-tokens.ts'
import { passwordForgotten } from './offer-password-reset.ts'
import { hashPassword } from './passwords.ts'
import { findUser } from './queries.ts'
import { resetPassword } from './reset-password.ts'
import { ForgottenPassword, MailPromised, PasswordChange, PasswordReset } from './schemas.ts'
import type { Throttle } from './throttle.ts'

const tags = ['Accounts and sessions']

export function passwordRoutes(app: App, deps: Deps, throttle: Throttle): void {
  const { config, clock, db, transact, revocations } = deps
  const tokens = createLinkTokens(config.accessTokenSecrets)

  app.post(
    '/auth/password/forgot',
    {
      config: { policy: anyone, ...perAddress(30) },
      schema: {
        operationId: 'forgotPassword',
        summary: 'Ask for a link to set a new password',
        description:
          'Always the same answer, whether there is such an account or not. One mail a minute at most. The link works once, for an hour.',
        tags,
        body: ForgottenPassword,
        response: responses({ 202: MailPromised }),
      },
    },
    async (request, reply) => {
      const { email } = request.body
      await transact((tx) =>
        addJob(tx, passwordForgotten, { email }, { key: `password-forgotten ${email.toLowerCase()}` }),
      )
      reply.code(202)
      return { detail: 'If an account with a password has this address, a mail is on its way to it.' }
    },
  )

  app.post(
    '/auth/password/reset',
    {
      config: { policy: anyone, ...perAddress(60) },
      schema: {
        operationId: 'resetPassword',
        summary: 'Set a new password by the link from the mail; ends all sessions',
        tags,
        body: PasswordReset,
        response: responses({ 204: Type.Null() }, linkInvalid),
      },
    },
    async (request, reply) => {
      const { token, password } = request.body
      const linkId = tokens.read('password_reset', token)
      if (!linkId) throw refuse(linkInvalid)
      const passwordHash = await hashPassword(password, config.passwordCost)
      const { email, ended } = await transact((tx) =>
        resetPassword(tx, stranger(clock), { linkId, passwordHash }),
      )
      revocations.add(ended)
      await throttle.forgive(email)
      return reply.code(204).send(null)
    },
  )

  app.patch(
    '/users/me/password',
    {
      config: { policy: signedIn, ...perAddress(60) },
      schema: {
        operationId: 'changePassword',
        summary: 'Change the own password; ends all other sessions',
        tags,
        body: PasswordChange,
        response: responses({ 204: Type.Null() }, invalidCredentials),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { currentPassword, newPassword } = request.body
      const user = await findUser(db, actor.userId)
      if (!user) throw refuse(unauthenticated)
      const oldHash = await confirmPassword(deps, throttle, user, currentPassword, request.ip)
      const newHash = await hashPassword(newPassword, config.passwordCost, '/newPassword')
      revocations.add(await transact((tx) => changePassword(tx, actor, { oldHash, newHash })))
      return reply.code(204).send(null)
    },
  )
}
