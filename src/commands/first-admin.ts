import { hasAdmin, hashPassword, makeAdmin, offerAdminClaim } from '../modules/accounts/index.ts'
import type { Deps } from '../platform/deps.ts'

/**
 * Sees to it that somebody can administer the school: makes the admin of ADMIN_EMAIL and ADMIN_PASSWORD if there is none, else
 * opens a one-time link by which the first admin account is claimed.
 * @returns that link; null where there is an admin
 */
export async function ensureAdmin({ config, clock, db, transact }: Deps): Promise<string | null> {
  const { email, password } = config.admin
  const cause = { userId: null, at: clock.now() }
  if (email && password) {
    if (await hasAdmin(db)) return null
    const passwordHash = await hashPassword(password, config.passwordCost)
    await transact((tx) => makeAdmin(tx, cause, { email, name: 'Administrator', passwordHash }))
    return null
  }
  const token = await transact((tx) => offerAdminClaim(tx, cause, config.accessTokenSecrets))
  return token && `${config.publicUrl}/claim?token=${token}`
}
