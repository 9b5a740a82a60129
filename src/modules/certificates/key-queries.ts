import type { Cause } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'

export interface KeyRow {
  readonly kid: string
  readonly public_key: string
  readonly sealed_private_key: Buffer
}

/** Newest first: there are as many as the secret was ever changed. */
export function findKeys(db: Db): Promise<KeyRow[]> {
  return db
    .selectFrom('certificate_keys')
    .select(['kid', 'public_key', 'sealed_private_key'])
    .orderBy('created_at', 'desc')
    .orderBy('kid')
    .execute()
}

export async function insertKey(tx: Tx, key: KeyRow, cause: Cause): Promise<void> {
  await tx
    .insertInto('certificate_keys')
    .values({ ...key, created_at: cause.at })
    .execute()
}
