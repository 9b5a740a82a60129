import type { UserStatus } from '../../platform/database/schema.ts'

/** Parallel tabs may send the same refresh token at nearly the same moment; that is not theft. */
export const reuseGraceSeconds = 10

export interface TokenFacts {
  readonly rotated_at: Date | null
  readonly expires_at: Date
  readonly revoked_at: Date | null
  readonly status: UserStatus
}

/** What presenting a refresh token at a time leads to. */
export function rotationOf(token: TokenFacts, at: Date): 'rotate' | 'reused' | 'ended' {
  if (token.revoked_at || token.expires_at <= at || token.status !== 'active') return 'ended'
  if (token.rotated_at && at.getTime() - token.rotated_at.getTime() > reuseGraceSeconds * 1_000)
    return 'reused'
  return 'rotate'
}
