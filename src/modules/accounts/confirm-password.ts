import type { Deps } from '../../platform/deps.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { invalidCredentials } from './errors.ts'
import { findByPassword } from './passwords.ts'
import type { UserRow } from './queries.ts'
import type { Throttle } from './throttle.ts'

/**
 * Makes sure that somebody who is signed in knows the password, counted like a sign-in: a borrowed device must not be a place to
 * guess it.
 * @returns the hash that was compared, for the transaction to hold against a change meanwhile
 */
export async function confirmPassword(
  { config }: Pick<Deps, 'config'>,
  throttle: Throttle,
  user: UserRow,
  password: string,
  address: string,
): Promise<string> {
  const attempt = await throttle.begin(user.email, address)
  const known = await findByPassword(password, async () => user, config.passwordCost).catch(attempt.abandon)
  if (!known) throw refuse(invalidCredentials, 'The password is not the one of this account.')
  await attempt.succeeded()
  return known.password_hash
}
