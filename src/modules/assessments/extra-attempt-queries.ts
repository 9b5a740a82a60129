import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'

export interface ExtraAttemptsRow {
  readonly quiz_id: string
  readonly user_id: string
  /** In all. */
  readonly count: number
}

const columns = ['quiz_id', 'user_id', 'count'] as const

/** How many attempts a person has above the limit of a quiz, for the statements that ask how many are left. */
export function extraAttempts(quizId: RawBuilder<unknown>, userId: RawBuilder<unknown>): RawBuilder<number> {
  return sql`coalesce((select count from extra_attempts extra
    where extra.quiz_id = ${quizId} and extra.user_id = ${userId}), 0)`
}

export function addExtraAttempts(
  tx: Tx,
  { quizId, userId, count }: { quizId: string; userId: string; count: number },
): Promise<ExtraAttemptsRow> {
  return tx
    .insertInto('extra_attempts')
    .values({ quiz_id: quizId, user_id: userId, count })
    .onConflict((conflict) =>
      conflict
        .columns(['quiz_id', 'user_id'])
        .doUpdateSet({ count: sql`extra_attempts.count + excluded.count` }),
    )
    .returning(columns)
    .executeTakeFirstOrThrow()
}

export function findExtraAttemptsOf(db: Db, userId: string): Promise<ExtraAttemptsRow[]> {
  return db.selectFrom('extra_attempts').select(columns).where('user_id', '=', userId).execute()
}

export async function deleteExtraAttemptsOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('extra_attempts').where('user_id', '=', userId).execute()
}
