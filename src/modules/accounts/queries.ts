import type { Selectable, Updateable } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Users } from '../../platform/database/schema.ts'

export const userColumns = [
  'id',
  'email',
  'email_verified_at',
  'password_hash',
  'name',
  'role',
  'status',
  'headline',
  'bio',
  'locale',
  'timezone',
  'avatar_key',
  'created_at',
] as const

export type UserRow = Pick<Selectable<Users>, (typeof userColumns)[number]>

export function findUser(db: Db, id: string): Promise<UserRow | undefined> {
  return db
    .selectFrom('users')
    .select(userColumns)
    .where('id', '=', id)
    .where('status', '<>', 'deleted')
    .executeTakeFirst()
}

export function findUserByEmail(db: Db, email: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').select(userColumns).where('email', '=', email).executeTakeFirst()
}

/** Read so that nobody changes the person until the transaction ends; others may hold them in the same way. */
export function holdUser(tx: Tx, id: string): Promise<UserRow | undefined> {
  return tx
    .selectFrom('users')
    .select(userColumns)
    .where('id', '=', id)
    .where('status', '<>', 'deleted')
    .forShare()
    .executeTakeFirst()
}

export function lockUser(tx: Tx, id: string): Promise<UserRow | undefined> {
  return tx
    .selectFrom('users')
    .select(userColumns)
    .where('id', '=', id)
    .where('status', '<>', 'deleted')
    .forUpdate()
    .executeTakeFirst()
}

/** Undefined where the e-mail address is taken. */
export function insertUser(
  tx: Tx,
  user: Pick<UserRow, 'id' | 'email' | 'password_hash' | 'name' | 'role'> & {
    email_verified_at?: Date | null
    demo?: boolean
    created_at: Date
  },
): Promise<UserRow | undefined> {
  return tx
    .insertInto('users')
    .values({ ...user, updated_at: user.created_at })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning(userColumns)
    .executeTakeFirst()
}

/**
 * Locks a person together with every active admin, in the order of ids so that two who do it cannot wait for each other. Whoever
 * takes an admin's rights away does it behind this lock, or two admins could demote each other at once.
 */
export async function lockUserAndAdmins(
  tx: Tx,
  id: string,
): Promise<{ user: UserRow | undefined; admins: string[] }> {
  const rows = await tx
    .selectFrom('users')
    .select(userColumns)
    .where((where) =>
      where.or([
        where.and([where('id', '=', id), where('status', '<>', 'deleted')]),
        where.and([where('role', '=', 'admin'), where('status', '=', 'active')]),
      ]),
    )
    .orderBy('id')
    .forUpdate()
    .execute()
  return {
    user: rows.find((row) => row.id === id),
    admins: rows.filter(({ role, status }) => role === 'admin' && status === 'active').map((row) => row.id),
  }
}

/** Whether somebody can administer the school. The demo school's own admin does not count: everybody knows the password. */
export async function hasAdmin(db: Db): Promise<boolean> {
  const admin = await db
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'admin')
    .where('status', '=', 'active')
    .where('demo', '=', false)
    .limit(1)
    .executeTakeFirst()
  return admin !== undefined
}

/** Undefined where the person has been deleted: what they were must not come back. */
export function updateUser(
  tx: Tx,
  id: string,
  change: Updateable<Users> & { updated_at: Date },
): Promise<UserRow | undefined> {
  return tx
    .updateTable('users')
    .set(change)
    .where('id', '=', id)
    .where('status', '<>', 'deleted')
    .returning(userColumns)
    .executeTakeFirst()
}

/** Whether anybody has ever registered. */
export async function hasUsers(db: Db): Promise<boolean> {
  const row = await db.selectFrom('users').select('id').limit(1).executeTakeFirst()
  return row !== undefined
}
