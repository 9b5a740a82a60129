import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { newId } from '../../platform/ids.ts'
import { replaceClaimLink } from './link-queries.ts'
import { createLinkTokens } from './link-tokens.ts'
import { hasAdmin } from './queries.ts'
import { linkSeconds } from './rules.ts'

/**
 * Opens the way to become the first admin of a school that has none; the one before stops working.
 * @param secrets those of the access tokens
 * @returns the token for `/claim?token=`, valid for 24 hours; null where there is an admin
 */
export async function offerAdminClaim(
  tx: Tx,
  cause: Cause,
  secrets: readonly string[],
): Promise<string | null> {
  if (await hasAdmin(tx)) return null
  const id = newId()
  const expires_at = new Date(cause.at.getTime() + linkSeconds.admin_claim * 1_000)
  await replaceClaimLink(tx, { id, created_at: cause.at, expires_at })
  return createLinkTokens(secrets).make('admin_claim', id)
}
