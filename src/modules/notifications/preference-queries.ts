import { type SqlBool, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { NotificationDigest, NotificationKind } from '../../platform/database/schema.ts'

export interface ChoiceRow {
  readonly kind: NotificationKind
  readonly in_app: boolean
  readonly email: boolean
}

/** What a person chose; a kind of which they said nothing is not among the choices. */
export async function findChoices(
  db: Db,
  userId: string,
): Promise<{ digest: NotificationDigest; choices: ChoiceRow[] }> {
  const { rows } = await sql<{ digest: NotificationDigest | null; choices: ChoiceRow[] }>`
    select (select digest from notification_settings where user_id = ${userId}) as digest,
      coalesce((select json_agg(json_build_object('kind', kind, 'in_app', in_app, 'email', email))
        from notification_choices where user_id = ${userId}), '[]') as choices`.execute(db)
  return { digest: rows[0]?.digest ?? 'off', choices: rows[0]?.choices ?? [] }
}

/** Holds what a person chose against other changes of it, which begins here if they chose nothing yet. */
export async function lockSettings(tx: Tx, userId: string): Promise<void> {
  await sql`
    insert into notification_settings (user_id, digest, next_digest_at) values (${userId}, 'off', null)
    on conflict (user_id) do update set digest = notification_settings.digest`.execute(tx)
}

export async function upsertChoices(tx: Tx, userId: string, choices: readonly ChoiceRow[]): Promise<void> {
  await sql`
    insert into notification_choices (user_id, kind, in_app, email)
    select ${userId}::uuid, chosen.kind, chosen.in_app, chosen.email
    from unnest(${choices.map(({ kind }) => kind)}::notification_kind[], ${choices.map((row) => row.in_app)}::boolean[],
      ${choices.map(({ email }) => email)}::boolean[]) as chosen (kind, in_app, email)
    on conflict (user_id, kind) do update set in_app = excluded.in_app, email = excluded.email`.execute(tx)
}

/** Mails of these kinds that are still to be sent to a person are not sent. */
export async function updateAsUnmailed(
  tx: Tx,
  userId: string,
  unwanted: readonly NotificationKind[],
): Promise<void> {
  await tx
    .updateTable('notifications')
    .set({ email: 'none' })
    .where('user_id', '=', userId)
    // said in the text, for the partial index
    .where(sql<SqlBool>`email <> 'none' and emailed_at is null`)
    .where(sql<SqlBool>`kind = any(${unwanted}::notification_kind[])`)
    .execute()
}

export async function updateSettings(
  tx: Tx,
  settings: { userId: string; digest: NotificationDigest; nextAt: Date | null },
): Promise<void> {
  const { userId, digest, nextAt } = settings
  await tx
    .updateTable('notification_settings')
    .set({ digest, next_digest_at: nextAt })
    .where('user_id', '=', userId)
    .execute()
}

export async function deletePreferencesOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('notification_choices').where('user_id', '=', userId).execute()
  await tx.deleteFrom('notification_settings').where('user_id', '=', userId).execute()
}
