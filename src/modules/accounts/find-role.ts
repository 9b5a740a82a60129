import type { Role } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'

/** The role of somebody who has an account here, suspended or not; undefined where there is nobody. */
export async function findRole(db: Db, userId: string): Promise<Role | undefined> {
  const user = await db
    .selectFrom('users')
    .select('role')
    .where('id', '=', userId)
    .where('status', '<>', 'deleted')
    .executeTakeFirst()
  return user?.role
}
