import type { Role } from '../../platform/actor.ts'
import type { Deps } from '../../platform/deps.ts'
import { newId } from '../../platform/ids.ts'
import type { Mail } from '../../platform/mail/mailer.ts'
import { createAccessTokens } from './access-tokens.ts'
import { openSession } from './open-session.ts'
import { hashPassword } from './passwords.ts'
import { registerUser } from './register-user.ts'

export interface Person {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly name: string
  readonly role: Role
  readonly sessionId: string
  readonly accessToken: string
  readonly refreshToken: string
}

const password = 'correct horse battery'

/** For tests: a person of a role, signed in. Anything not said is made up. */
export async function makePerson(
  deps: Deps,
  wish: { role?: Role; name?: string; email?: string } = {},
): Promise<Person> {
  const { role = 'student', name = 'Asha Rao', email = `${newId()}@example.org` } = wish
  const { config, clock, transact } = deps
  const passwordHash = await hashPassword(password, config.passwordCost)
  const device = { userAgent: 'test', address: '127.0.0.1', native: true }
  const { user, session } = await transact(async (tx) => {
    const user = await registerUser(
      tx,
      { userId: null, at: clock.now() },
      { email, passwordHash, name, role, emailVerified: true },
    )
    const input = { userId: user.id, device, lifetimeSeconds: config.refreshTokenSeconds }
    return { user, session: await openSession(tx, { userId: user.id, at: clock.now() }, input) }
  })
  const tokens = createAccessTokens(config.accessTokenSecrets, config.accessTokenSeconds)
  const { token } = tokens.issue({ sub: user.id, role, sid: session.sessionId }, clock.now())
  return {
    id: user.id,
    email,
    password,
    name,
    role,
    sessionId: session.sessionId,
    accessToken: token,
    refreshToken: session.refreshToken,
  }
}

/** The token of the link in a mail. */
export function tokenIn(mail: Mail | undefined): string {
  const token = /[?&]token=([^\s&]+)/.exec(mail?.text ?? '')?.[1]
  if (!token) throw new Error('There is no link with a token in this mail, or no mail.')
  return decodeURIComponent(token)
}
