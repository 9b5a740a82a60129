import type { Actor } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { newId } from '../../platform/ids.ts'
import { type PersonCard, personCard } from '../accounts/index.ts'

export interface LinkRow {
  readonly id: string
  readonly parent_id: string
  readonly child_id: string
  readonly created_at: Date
  readonly parent: PersonCard
  readonly child: PersonCard
}

interface PageOf {
  readonly after: string | null
  readonly limit: number
}

function selectLinks(db: Db) {
  return db
    .selectFrom('guardian_links')
    .select([
      'id',
      'parent_id',
      'child_id',
      'created_at',
      personCard('guardian_links.parent_id').as('parent'),
      personCard('guardian_links.child_id').as('child'),
    ])
}

export function findLink(
  db: Db,
  { parentId, childId }: { parentId: string; childId: string },
): Promise<LinkRow | undefined> {
  return selectLinks(db).where('parent_id', '=', parentId).where('child_id', '=', childId).executeTakeFirst()
}

/** The links of one side, in the order in which they were made. */
export function listLinks(
  db: Db,
  side: 'parent_id' | 'child_id',
  userId: string,
  { after, limit }: PageOf,
): Promise<LinkRow[]> {
  let query = selectLinks(db).where(side, '=', userId).orderBy('id').limit(limit)
  if (after) query = query.where('id', '>', after)
  return query.execute()
}

/** The ids of a parent's children: nobody's for one who is no parent (any more). */
export async function findChildren(db: Db, actor: Pick<Actor, 'userId' | 'role'>): Promise<string[]> {
  if (actor.role !== 'parent') return []
  const rows = await db
    .selectFrom('guardian_links')
    .select('child_id')
    .where('parent_id', '=', actor.userId)
    .execute()
  return rows.map((row) => row.child_id)
}

/** @returns whether it is new */
export async function insertLink(
  tx: Tx,
  link: { parentId: string; childId: string; at: Date },
): Promise<boolean> {
  const { parentId, childId, at } = link
  const inserted = await tx
    .insertInto('guardian_links')
    .values({ id: newId(), parent_id: parentId, child_id: childId, created_at: at })
    .onConflict((conflict) => conflict.constraint('guardian_links_pair').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** @returns whether there was one */
export async function deleteLink(
  tx: Tx,
  { parentId, childId }: { parentId: string; childId: string },
): Promise<boolean> {
  const deleted = await tx
    .deleteFrom('guardian_links')
    .where('parent_id', '=', parentId)
    .where('child_id', '=', childId)
    .returning('id')
    .executeTakeFirst()
  return deleted !== undefined
}

/** @returns the ids of those who were a child's guardians */
export async function deleteGuardiansOf(tx: Tx, childId: string): Promise<string[]> {
  const deleted = await tx
    .deleteFrom('guardian_links')
    .where('child_id', '=', childId)
    .returning('parent_id')
    .execute()
  return deleted.map((row) => row.parent_id)
}

export async function deleteLinksOf(tx: Tx, userId: string): Promise<void> {
  await tx
    .deleteFrom('guardian_links')
    .where((link) => link.or([link('parent_id', '=', userId), link('child_id', '=', userId)]))
    .execute()
}

export async function insertCode(
  tx: Tx,
  code: { hash: Buffer; childId: string; expiresAt: Date },
): Promise<void> {
  const { hash, childId, expiresAt } = code
  await tx
    .insertInto('guardian_codes')
    .values({ code_hash: hash, child_id: childId, expires_at: expiresAt })
    .execute()
}

/** Deletes a student's codes but for the newest ones. */
export async function deleteOldestCodes(tx: Tx, childId: string, kept: number): Promise<void> {
  await tx
    .deleteFrom('guardian_codes')
    .where('code_hash', 'in', (query) =>
      query
        .selectFrom('guardian_codes')
        .select('code_hash')
        .where('child_id', '=', childId)
        .orderBy('expires_at', 'desc')
        .orderBy('code_hash')
        .offset(kept),
    )
    .execute()
}

/** Takes a code out of the table: whose it was, or undefined where it does not work (any more). */
export async function takeCode(tx: Tx, hash: Buffer, at: Date): Promise<string | undefined> {
  const taken = await tx
    .deleteFrom('guardian_codes')
    .where('code_hash', '=', hash)
    .where('expires_at', '>', at)
    .returning('child_id')
    .executeTakeFirst()
  return taken?.child_id
}

export async function deleteCodesOf(tx: Tx, childId: string): Promise<void> {
  await tx.deleteFrom('guardian_codes').where('child_id', '=', childId).execute()
}

/** The ids of those who look after a student, held: none of them ceases to until the transaction ends. */
export async function lockParents(tx: Tx, childId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('guardian_links')
    .select('parent_id')
    .where('child_id', '=', childId)
    .orderBy('parent_id')
    .forKeyShare()
    .execute()
  return rows.map((row) => row.parent_id)
}
