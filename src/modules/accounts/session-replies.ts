import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../../platform/deps.ts'
import { createAccessTokens } from './access-tokens.ts'
import type { Device, OpenedSession } from './open-session.ts'
import { presentUser } from './present.ts'
import type { UserRow } from './queries.ts'
import type { SignedIn } from './schemas.ts'

const refreshAfterSeconds = 300

/** What HTTP answers when a session begins, goes on or ends: tokens in the body, the refresh token in its cookie. */
export interface SessionReplies {
  signedIn(reply: FastifyReply, user: UserRow, session: OpenedSession, native: boolean): SignedIn
  signedOut(reply: FastifyReply): FastifyReply
  refreshTokenOf(request: FastifyRequest): string | undefined
}

export function createSessionReplies({ config, clock }: Pick<Deps, 'config' | 'clock'>): SessionReplies {
  const tokens = createAccessTokens(config.accessTokenSecrets, config.accessTokenSeconds)
  // Browsers let no page without TLS set a cookie of such a name (RFC 6265bis, section 4.1.3).
  const cookieName = config.production ? '__Secure-lectern_refresh' : 'lectern_refresh'
  const cookieFor = (reply: FastifyReply) =>
    ({ httpOnly: true, sameSite: 'strict', path: cookiePath(reply), secure: config.production }) as const
  return {
    signedIn(reply, user, session, native) {
      const claims = { sub: user.id, role: user.role, sid: session.sessionId }
      const { token, expiresAt } = tokens.issue(claims, clock.now())
      if (!native)
        reply.setCookie(cookieName, session.refreshToken, {
          ...cookieFor(reply),
          expires: session.expiresAt,
        })
      reply.header('cache-control', 'no-store')
      return {
        user: presentUser(user, config),
        accessToken: token,
        accessTokenExpiresAt: expiresAt,
        refreshAfterSeconds,
        ...(native ? { refreshToken: session.refreshToken } : {}),
      }
    },
    signedOut: (reply) => reply.clearCookie(cookieName, cookieFor(reply)),
    refreshTokenOf: (request) => request.cookies[cookieName],
  }
}

/** A browser gives the cookie back only below its path, so it follows the name by which the client calls us. */
function cookiePath({ request }: FastifyReply): string {
  return request.originalUrl.startsWith('/api/v1/') ? '/api/v1/auth' : '/api/auth'
}

export function deviceOf(request: FastifyRequest, native: boolean): Device {
  return { userAgent: request.headers['user-agent'] ?? 'unknown', address: request.ip, native }
}
