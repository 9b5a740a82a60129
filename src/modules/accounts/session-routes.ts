import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf, stranger } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { anyone, related, signedIn } from '../../platform/http/policy.ts'
import { perAddress } from '../../platform/http/rate-limits.ts'
import { forbidden, notFound, refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { Closed, Page, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { accountSuspended, emailTaken, invalidCredentials, refreshTokenReused, roleClosed } from './errors.ts'
import { openSession } from './open-session.ts'
import { findByPassword, hashPassword } from './passwords.ts'
import { findUser, findUserByEmail } from './queries.ts'
import { refreshSession } from './refresh-session.ts'
import { registerUser } from './register-user.ts'
import { revokeSessions } from './revoke-sessions.ts'
import { Credentials, RefreshRequest, Registration, Session, SignedIn } from './schemas.ts'
import { findOpenSessions } from './session-queries.ts'
import { createSessionReplies, deviceOf } from './session-replies.ts'
import { signIn } from './sign-in.ts'
import type { Throttle } from './throttle.ts'

const tags = ['Accounts and sessions']

export function sessionRoutes(app: App, deps: Deps, throttle: Throttle): void {
  const { config, clock, db, transact, revocations } = deps
  const lifetimeSeconds = config.refreshTokenSeconds
  const replies = createSessionReplies(deps)

  app.post(
    '/auth/register',
    {
      config: { policy: anyone, ...perAddress(60) },
      schema: {
        operationId: 'register',
        summary: 'Make an account and sign in',
        tags,
        body: Registration,
        response: responses({ 201: SignedIn }, emailTaken, roleClosed),
      },
    },
    async (request, reply) => {
      const { email, password, name, role = 'student', client } = request.body
      if (!config.registrationRoles.includes(role)) throw refuse(roleClosed)
      const passwordHash = await hashPassword(password, config.passwordCost)
      const device = deviceOf(request, client === 'native')
      const { user, session } = await transact(async (tx) => {
        const user = await registerUser(tx, stranger(clock), { email, passwordHash, name, role })
        const cause = { userId: user.id, at: user.created_at }
        return { user, session: await openSession(tx, cause, { userId: user.id, device, lifetimeSeconds }) }
      })
      reply.code(201)
      return replies.signedIn(reply, user, session, device.native)
    },
  )

  app.post(
    '/auth/login',
    {
      config: { policy: anyone, ...perAddress(300) },
      schema: {
        operationId: 'login',
        summary: 'Sign in with e-mail address and password',
        tags,
        body: Credentials,
        response: responses({ 200: SignedIn }, invalidCredentials, accountSuspended),
      },
    },
    async (request, reply) => {
      const { email, password, client } = request.body
      const attempt = await throttle.begin(email, request.ip)
      const find = () => findUserByEmail(db, email)
      const known = await findByPassword(password, find, config.passwordCost).catch(attempt.abandon)
      if (!known) throw refuse(invalidCredentials)
      await attempt.succeeded()
      const device = deviceOf(request, client === 'native')
      const { user, session } = await transact((tx) =>
        signIn(tx, stranger(clock), {
          userId: known.id,
          passwordHash: known.password_hash,
          device,
          lifetimeSeconds,
        }),
      )
      return replies.signedIn(reply, user, session, device.native)
    },
  )

  app.post(
    '/auth/refresh',
    {
      config: { policy: anyone, ...perAddress(600) },
      schema: {
        operationId: 'refresh',
        summary: 'Renew the access token, by cookie or body',
        tags,
        security: [{ refreshCookie: [] }, {}],
        body: RefreshRequest,
        response: responses({ 200: SignedIn }, unauthenticated, refreshTokenReused),
      },
    },
    async (request, reply) => {
      const refreshToken = request.body?.refreshToken ?? replies.refreshTokenOf(request)
      if (!refreshToken)
        throw refuse(unauthenticated, 'There is no refresh token, neither in the cookie nor in the body.')
      const refreshed = await transact((tx) =>
        refreshSession(tx, stranger(clock), { refreshToken, lifetimeSeconds }),
      )
      if (refreshed.outcome === 'reused') {
        revocations.add(refreshed.ended)
        replies.signedOut(reply)
        throw refuse(refreshTokenReused)
      }
      const user = await findUser(db, refreshed.userId)
      if (!user) throw refuse(unauthenticated)
      return replies.signedIn(reply, user, refreshed.session, refreshed.native)
    },
  )

  app.post(
    '/auth/logout',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'logout',
        summary: 'End this session',
        tags,
        response: responses({ 204: Type.Null() }),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { userId, sessionId } = actor
      if (!sessionId)
        throw refuse(forbidden, 'This bearer is of an outside identity provider: sign out there.')
      revocations.add(
        await transact((tx) => revokeSessions(tx, actor, { userId, only: sessionId, reason: 'signed_out' })),
      )
      return replies.signedOut(reply).code(204).send(null)
    },
  )

  app.post(
    '/auth/logout-all',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'logoutAll',
        summary: 'End all own sessions, on every device',
        tags,
        response: responses({ 204: Type.Null() }),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      revocations.add(
        await transact((tx) => revokeSessions(tx, actor, { userId: actor.userId, reason: 'signed_out_all' })),
      )
      return replies.signedOut(reply).code(204).send(null)
    },
  )

  app.get(
    '/auth/sessions',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'listSessions',
        summary: 'Own open sessions: device, address, last used',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: Page(Session) }),
      },
    },
    async (request) => {
      const { userId, sessionId, at } = actorOf(request)
      const { limit, after } = readPage(request.query, isIdKey)
      const rows = await findOpenSessions(db, userId, at, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: items.map((row) => presentSession(row, sessionId)), nextCursor }
    },
  )

  app.delete(
    '/auth/sessions/:id',
    {
      config: { policy: related('self') },
      schema: {
        operationId: 'endSession',
        summary: 'End one of the own sessions',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 204: Type.Null() }, notFound),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const which = { userId: actor.userId, only: request.params.id, reason: 'ended_by_user' }
      const ended = await transact((tx) => revokeSessions(tx, actor, which))
      if (ended.length === 0) throw refuse(notFound)
      revocations.add(ended)
      return reply.code(204).send(null)
    },
  )
}

function presentSession(
  row: { id: string; user_agent: string; address: string; created_at: Date; last_used_at: Date },
  current: string | null,
) {
  return {
    id: row.id,
    device: row.user_agent,
    address: row.address,
    current: row.id === current,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }
}
