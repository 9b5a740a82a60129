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

export async function updateUser(
  tx: Tx,
  id: string,
  change: Updateable<Users> & { updated_at: Date },
): Promise<UserRow> {
  return tx
    .updateTable('users')
    .set(change)
    .where('id', '=', id)
    .returning(userColumns)
    .executeTakeFirstOrThrow()
}
