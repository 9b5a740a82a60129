import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/database/database.ts'
import type { Counts } from './counts.ts'

/** What a row of counts says, and what is counted. */
export interface CountFault {
  readonly of: Readonly<Record<string, unknown>>
  readonly kept: Readonly<Record<string, number>>
  readonly counted: Readonly<Record<string, number>>
}

/**
 * Compares a table of counts with what it is counted from, less what its subscriber has yet to count, and adds the difference where
 * there is one, which is right also while others count. It is one statement, so that what is being counted meanwhile is in both or in
 * neither.
 * @returns what differed, `atOnce` rows at most
 */
export async function updateWrongCounts(
  tx: Tx,
  { table, of, sums, view, sharded }: Counts,
  atOnce: number,
): Promise<CountFault[]> {
  const columns = Object.keys(sums)
  const each = (write: (column: string) => RawBuilder<unknown>, names: readonly string[] = columns) =>
    sql.join(names.map(write), sql`, `)
  const plain = (names: readonly string[]) => each((name) => sql.ref(name), names)
  const side = (name: 'kept' | 'truth') => (column: string) =>
    sql`coalesce(${sql.ref(`${name}.${column}`)}, 0)`
  const [kept, truth] = [side('kept'), side('truth')]
  const described = (write: (column: string) => RawBuilder<unknown>, names: readonly string[]) =>
    sql`json_build_object(${each((name) => sql`${sql.lit(name)}, ${write(name)}`, names)})`
  const { rows } = await sql<CountFault>`
    with truth as (
      select ${plain(of)}, ${each((column) => sql`sum(${sql.ref(sums[column] ?? column)}) as ${sql.ref(column)}`)}
      from ${sql.table(view)} moved
      where not exists (
        select from uncounted_moves coming
        where coming.type = moved.type and coming.subject_id = moved.subject_id and coming.at = moved.at)
      group by ${plain(of)}
    ), kept as (
      select ${plain(of)}, ${each((column) => sql`sum(${sql.ref(column)}) as ${sql.ref(column)}`)}
      from ${sql.table(table)} group by ${plain(of)}
    ), wrong as (
      select ${plain(of)}, ${each((column) => sql`${truth(column)} - ${kept(column)} as ${sql.ref(column)}`)},
        ${described(sql.ref, of)} as which, ${described(kept, columns)} as was, ${described(truth, columns)} as should_be
      from kept full join truth using (${plain(of)})
      where (${each(kept)}) is distinct from (${each(truth)}) limit ${atOnce}
    ), repaired as (
      insert into ${sql.table(table)} as stored (${plain([...of, ...columns])}${sharded ? sql`, shard` : sql``})
      select ${plain([...of, ...columns])}${sharded ? sql`, 0` : sql``} from wrong
      on conflict (${plain(of)}${sharded ? sql`, shard` : sql``}) do update
      set ${each((column) => sql`${sql.ref(column)} = ${sql.ref(`stored.${column}`)} + ${sql.ref(`excluded.${column}`)}`)}
    )
    select which as of, was as kept, should_be as counted from wrong`.execute(tx)
  return rows
}

/** Adds the shards of past quarters of an hour, and days, together, so that a year is few rows to read. */
export async function updateShards(
  tx: Tx,
  { table, of, sums, sharded }: Counts,
  before: Date,
): Promise<void> {
  const moment = of.find((name) => name === 'slot' || name === 'day')
  if (!sharded || moment === undefined) return
  const columns = Object.keys(sums)
  const names = sql.join([...of, ...columns].map(sql.ref))
  const taken = sql.join([...of, ...columns].map((column) => sql.ref(`taken.${column}`)))
  const keys = sql.join(of.map(sql.ref))
  const summed = sql.join(columns.map((column) => sql`sum(${sql.ref(column)})`))
  const added = sql.join(
    columns.map(
      (column) => sql`${sql.ref(column)} = ${sql.ref(`stored.${column}`)} + ${sql.ref(`excluded.${column}`)}`,
    ),
  )
  await sql`
    with taken as (
      delete from ${sql.table(table)} taken where shard > 0 and ${sql.ref(moment)} < ${before} returning ${taken}
    )
    insert into ${sql.table(table)} as stored (${names}, shard)
    select ${keys}, ${summed}, 0 from taken group by ${keys}
    on conflict (${keys}, shard) do update set ${added}`.execute(tx)
}

/**
 * Lets the facts of enrollments say again who is under way.
 * @returns those that said something else
 */
export async function updateWrongStandings(tx: Tx, atOnce: number): Promise<{ enrollmentId: string }[]> {
  const { rows } = await sql<{ enrollmentId: string }>`
    update enrollment_facts set under_way = not under_way
    where enrollment_id in (
      select enrollment_id from enrollment_facts join enrollments on id = enrollment_id
      where under_way <> (status = 'active') limit ${atOnce} for update of enrollments, enrollment_facts)
    returning enrollment_id as "enrollmentId"`.execute(tx)
  return rows
}
