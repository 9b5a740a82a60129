import type { Deps } from '../../platform/deps.ts'
import type { Authenticate } from '../../platform/http/guard.ts'
import { createAccessTokens } from './access-tokens.ts'

/** Reads bearers: our own access tokens without any I/O. */
export function createAuthenticate({ config, revocations }: Deps): Authenticate {
  const tokens = createAccessTokens(config.accessTokenSecrets, config.accessTokenSeconds)
  return async (bearer, at) => {
    const claims = tokens.read(bearer, at)
    if (!claims || (await revocations.has(claims.sid))) return null
    return { userId: claims.sub, role: claims.role, sessionId: claims.sid, at }
  }
}
