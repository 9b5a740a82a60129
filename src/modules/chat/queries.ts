import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { isActivePerson } from '../accounts/index.ts'
import { sharesCourse } from '../enrollments/index.ts'
import { isBlockedBetween, isFriendOf } from '../friends/index.ts'

/** Whether a person may reach the one whose id stands in a column, as an expression to select by. */
export function isReachable(column: string, userId: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(column)} <> ${userId}::uuid
    and (${isFriendOf(column, userId)} or ${sharesCourse(column, userId)})
    and not ${isBlockedBetween(column, userId)}
    and ${isActivePerson(column)}
    and exists (select from (select ${userId}::uuid as id) oneself where ${isActivePerson('oneself.id')}))`
}
