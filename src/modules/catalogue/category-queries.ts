import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'

export interface CategoryRow {
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly parent_id: string | null
}

/** The sort keys of the list: the name in small letters, then id. */
export type CategoryKey = readonly [name: string, id: string]

export function findCategories(
  db: Db,
  page: { after: CategoryKey | null; limit: number },
): Promise<(CategoryRow & { sorted_by: string })[]> {
  let query = db
    .selectFrom('categories')
    .select(['id', 'name', 'slug', 'parent_id', sql<string>`lower(name)`.as('sorted_by')])
  if (page.after)
    query = query.where(sql<boolean>`(lower(name), id) > (${page.after[0]}, ${page.after[1]}::uuid)`)
  return query.orderBy(sql`lower(name)`).orderBy('id').limit(page.limit).execute()
}

/** All of them, by name. */
export function findCategoryTree(db: Db): Promise<CategoryRow[]> {
  const columns = ['id', 'name', 'slug', 'parent_id'] as const
  return db.selectFrom('categories').select(columns).orderBy(sql`lower(name)`).orderBy('id').execute()
}

/** Undefined where the slug is taken. */
export function insertCategory(tx: Tx, category: CategoryRow): Promise<CategoryRow | undefined> {
  return tx
    .insertInto('categories')
    .values(category)
    .onConflict((conflict) => conflict.constraint('categories_slug').doNothing())
    .returning(['id', 'name', 'slug', 'parent_id'])
    .executeTakeFirst()
}

export function updateCategory(
  tx: Tx,
  id: string,
  change: Partial<Omit<CategoryRow, 'id'>>,
): Promise<CategoryRow | undefined> {
  return tx
    .updateTable('categories')
    .set({ ...change, id })
    .where('id', '=', id)
    .returning(['id', 'name', 'slug', 'parent_id'])
    .executeTakeFirst()
}

export async function deleteCategory(tx: Tx, id: string): Promise<boolean> {
  const row = await tx.deleteFrom('categories').where('id', '=', id).returning('id').executeTakeFirst()
  return row !== undefined
}

/** Two moves at once could close a circle that neither sees, so they take turns. */
export async function lockTree(tx: Tx): Promise<void> {
  await sql`lock table categories in share row exclusive mode`.execute(tx)
}

/** Whether `id` is `ancestor` or lies below it. */
export async function isWithin(db: Db, id: string, ancestor: string): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    with recursive up as (
      select id, parent_id from categories where id = ${id}
      union
      select above.id, above.parent_id from categories above join up on above.id = up.parent_id
    )
    select id from up where id = ${ancestor}`.execute(db)
  return rows.length > 0
}

/** The slugs of categories: this one with a number behind it. */
export async function findCategorySlugs(db: Db, base: string): Promise<string[]> {
  const rows = await db
    .selectFrom('categories')
    .select('slug')
    .where('slug', 'like', `${base}-%`)
    .where('slug', '~', `^${base}-[0-9]+$`)
    .execute()
  return rows.map((row) => row.slug)
}

export function findChildCategory(
  db: Db,
  parentId: string | null,
  name: string,
): Promise<{ id: string } | undefined> {
  return db
    .selectFrom('categories')
    .select('id')
    .where(sql<SqlBool>`parent_id is not distinct from ${parentId}::uuid`)
    .where(sql<SqlBool>`lower(name) = lower(${name})`)
    .orderBy('id')
    .executeTakeFirst()
}

/** The names from the root of the tree down to a category. */
export async function findCategoryPath(db: Db, id: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    with recursive path as (
      select id, name, parent_id, 0 as height from categories where id = ${id}
      union all
      select parent.id, parent.name, parent.parent_id, path.height + 1
      from categories parent join path on parent.id = path.parent_id
    )
    select name from path order by height desc`.execute(db)
  return rows.map((row) => row.name)
}
