import type { Deps } from '../../platform/deps.ts'
import type { Authenticate } from '../../platform/http/guard.ts'
import { Refusal, refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { createAccessTokens } from './access-tokens.ts'
import { emailTaken } from './errors.ts'
import { outsideBearersOf } from './outside-bearers.ts'

/** Reads bearers: our own access tokens without any I/O, and those of an outside provider, whose person is remembered. */
export function createAuthenticate(deps: Deps): Authenticate {
  const { config, revocations } = deps
  const tokens = createAccessTokens(config.accessTokenSecrets, config.accessTokenSeconds)
  const outside = outsideBearersOf(deps)
  return async (bearer, at) => {
    const claims = tokens.read(bearer, at)
    if (claims) {
      if (await revocations.has(claims.sid)) return null
      return { userId: claims.sub, role: claims.role, sessionId: claims.sid, at }
    }
    if (!outside.configured || tokens.isOurs(bearer)) return null
    const person = await outside.whoIs(bearer, at).catch(asUnauthenticated)
    if (person?.status !== 'active') return null
    return { userId: person.userId, role: person.role, sessionId: null, at }
  }
}

/** On any other route than the one for it, an identity that belongs to nobody here is just not signed in. */
function asUnauthenticated(error: unknown): never {
  if (error instanceof Refusal && error.kind === emailTaken) throw refuse(unauthenticated, error.message)
  throw error
}
