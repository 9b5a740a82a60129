import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { signedIn } from '../../platform/http/policy.ts'
import { perAddress } from '../../platform/http/rate-limits.ts'
import { badField, notFound, refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { confirmPassword } from './confirm-password.ts'
import { eraseUser } from './erase-user.ts'
import { invalidCredentials, lastAdmin } from './errors.ts'
import { presentProfile, presentUser } from './present.ts'
import { findUser, type UserRow } from './queries.ts'
import { Farewell, Profile, ProfileChange, User } from './schemas.ts'
import { createSessionReplies } from './session-replies.ts'
import type { Throttle } from './throttle.ts'
import { updateProfile } from './update-profile.ts'

const tags = ['Accounts and sessions']

export function profileRoutes(app: App, deps: Deps, throttle: Throttle): void {
  const { config, db, transact, revocations } = deps
  const replies = createSessionReplies(deps)

  app.get(
    '/users/me',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'getMe',
        summary: 'The own account',
        tags,
        response: responses({ 200: User }),
      },
    },
    async (request) => {
      const user = await findUser(db, actorOf(request).userId)
      if (!user) throw refuse(unauthenticated)
      return presentUser(user, config)
    },
  )

  app.patch(
    '/users/me',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'updateMe',
        summary: 'Change the own profile',
        tags,
        body: ProfileChange,
        response: responses({ 200: User }),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      return presentUser(await transact((tx) => updateProfile(tx, actor, request.body)), config)
    },
  )

  app.delete(
    '/users/me',
    {
      config: { policy: signedIn, ...perAddress(60) },
      schema: {
        operationId: 'deleteMe',
        summary: 'Delete the own account and erase what is personal',
        description:
          'Payments and certificates are kept, under nobody’s name. The e-mail address can be registered anew.',
        tags,
        body: Farewell,
        response: responses({ 204: Type.Null() }, invalidCredentials, lastAdmin),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { userId } = actor
      const user = await findUser(db, userId)
      if (!user) throw refuse(unauthenticated)
      const confirmed = await confirm(user, request.body?.password, request.ip)
      const allowed = (held: UserRow) => {
        if (held.password_hash !== confirmed) throw refuse(invalidCredentials)
      }
      const ended = await transact((tx) => eraseUser(tx, actor, { userId, allowed }))
      if (!ended) throw refuse(unauthenticated)
      revocations.add(ended)
      return replies.signedOut(reply).code(204).send(null)
    },
  )

  /** The hash of the password that was given, null where the account has none and so asks for none. */
  async function confirm(user: UserRow, password: string | undefined, address: string) {
    if (user.password_hash === null) return null
    if (password === undefined) throw badField('/password', 'is required')
    return confirmPassword(deps, throttle, user, password, address)
  }

  app.get(
    '/users/:id/profile',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'getProfile',
        summary: 'The public part of a person',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: Profile }, notFound),
      },
    },
    async (request) => {
      const user = await findUser(db, request.params.id)
      if (!user) throw refuse(notFound)
      return presentProfile(user, config)
    },
  )
}
