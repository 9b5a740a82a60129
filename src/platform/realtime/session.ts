import { Type } from 'typebox'
import { signedIn } from '../http/policy.ts'
import { Closed, Time } from '../http/schemas.ts'
import { defineSocketPush } from './contract.ts'

/** Why a connection is ended for its person. */
export type EndReason = 'ended' | 'expired' | 'changed'

export const sessionEnded = defineSocketPush(
  'session:ended',
  'The session behind this connection is over; the connection is closed next.',
  Type.Object({
    reason: Type.Union([Type.Literal('ended'), Type.Literal('expired'), Type.Literal('changed')], {
      description:
        '`ended`: signed out, or signed out by somebody who may; sign in again. `expired`: the access token ran out and no other came by `session:renew`. `changed`: the role or status of a person of an outside identity provider has changed; connect anew.',
    }),
  }),
)

const Renewed = Type.Object({
  expiresAt: Type.Union([Time, Type.Null()], {
    description: 'When the token of this connection runs out; null: never by itself.',
  }),
})

export const sessionRenew = {
  name: 'session:renew',
  summary: 'Go on with this connection under a newer access token of the same person.',
  policy: signedIn,
  input: Closed({ token: Type.String({ minLength: 1, maxLength: 8_192 }) }),
  reply: Renewed,
  limit: { count: 60, seconds: 60 },
}

/**
 * When a bearer that was found valid runs out, in milliseconds since 1970 (RFC 7519, section 4.1.4); null where it is no JWT or does not
 * say.
 */
export function expiryOf(bearer: string): number | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(bearer.split('.')[1] ?? '', 'base64url').toString())
    const exp = claims !== null && typeof claims === 'object' && 'exp' in claims ? claims.exp : null
    return typeof exp === 'number' ? exp * 1_000 : null
  } catch {
    return null
  }
}
