import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf, stranger } from '../../platform/http/guard.ts'
import { anyone, related, signedIn } from '../../platform/http/policy.ts'
import { perAddress } from '../../platform/http/rate-limits.ts'
import { forbidden, notFound, refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { createAccessTokens } from './access-tokens.ts'
import { accountSuspended, emailTaken, invalidCredentials, refreshTokenReused, roleClosed } from './errors.ts'
import { type Device, type OpenedSession, openSession } from './open-session.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { presentUser } from './present.ts'
import { findUser, findUserByEmail, type UserRow } from './queries.ts'
import { refreshSession } from './refresh-session.ts'
import { registerUser } from './register-user.ts'
import { revokeSessions } from './revoke-sessions.ts'
import { Credentials, RefreshRequest, Registration, SessionList, SignedIn } from './schemas.ts'
import { findOpenSessions } from './session-queries.ts'
import { beginSignIn } from './throttle.ts'

const cookieName = 'lectern_refresh'
const refreshAfterSeconds = 300
const tags = ['Accounts and sessions']

export function sessionRoutes(app: App, deps: Deps): void {
  const { config, clock, db, transact, cache, revocations } = deps
  const tokens = createAccessTokens(config.accessTokenSecrets, config.accessTokenSeconds)
  const lifetimeSeconds = config.refreshTokenSeconds
  const cookie = { httpOnly: true, sameSite: 'strict', path: '/api/auth', secure: config.production } as const

  function signIn(reply: FastifyReply, user: UserRow, session: OpenedSession, native: boolean) {
    const { token, expiresAt } = tokens.issue(
      { sub: user.id, role: user.role, sid: session.sessionId },
      clock.now(),
    )
    if (!native) reply.setCookie(cookieName, session.refreshToken, { ...cookie, expires: session.expiresAt })
    reply.header('cache-control', 'no-store')
    return {
      user: presentUser(user, config),
      accessToken: token,
      accessTokenExpiresAt: expiresAt,
      refreshAfterSeconds,
      ...(native ? { refreshToken: session.refreshToken } : {}),
    }
  }

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
      return signIn(reply, user, session, device.native)
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
      const attempt = await beginSignIn(cache, email, request.ip)
      const user = await findUserByEmail(db, email)
      const right = await isPassword(password, user?.password_hash ?? null, config.passwordCost)
      if (!user || !right) throw refuse(invalidCredentials)
      await attempt.succeeded()
      if (user.status !== 'active') throw refuse(accountSuspended)
      const device = deviceOf(request, client === 'native')
      const cause = { userId: user.id, at: clock.now() }
      const session = await transact((tx) =>
        openSession(tx, cause, { userId: user.id, device, lifetimeSeconds }),
      )
      return signIn(reply, user, session, device.native)
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
        body: RefreshRequest,
        response: responses({ 200: SignedIn }, unauthenticated, refreshTokenReused),
      },
    },
    async (request, reply) => {
      const refreshToken = request.body?.refreshToken ?? request.cookies[cookieName]
      if (!refreshToken)
        throw refuse(unauthenticated, 'There is no refresh token, neither in the cookie nor in the body.')
      const refreshed = await transact((tx) =>
        refreshSession(tx, stranger(clock), { refreshToken, lifetimeSeconds }),
      )
      if (refreshed.outcome === 'reused') {
        revocations.add(refreshed.ended)
        reply.clearCookie(cookieName, cookie)
        throw refuse(refreshTokenReused)
      }
      const user = await findUser(db, refreshed.userId)
      if (!user) throw refuse(unauthenticated)
      return signIn(reply, user, refreshed.session, refreshed.native)
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
      return reply.clearCookie(cookieName, cookie).code(204).send(null)
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
      return reply.clearCookie(cookieName, cookie).code(204).send(null)
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
        response: responses({ 200: SessionList }),
      },
    },
    async (request) => {
      const { userId, sessionId, at } = actorOf(request)
      const rows = await findOpenSessions(db, userId, at)
      const items = rows.map((row) => ({
        id: row.id,
        device: row.user_agent,
        address: row.address,
        current: row.id === sessionId,
        createdAt: row.created_at,
        lastUsedAt: row.last_used_at,
      }))
      return { items, nextCursor: null }
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

function deviceOf(request: FastifyRequest, native: boolean): Device {
  return { userAgent: request.headers['user-agent'] ?? 'unknown', address: request.ip, native }
}
