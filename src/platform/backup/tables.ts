import pg from 'pg'
import { restoreMark } from '../database/migrate.ts'
import type { Totals } from './format.ts'

/** What a migration run keeps of itself: it is written anew where a backup is restored. */
const bookkeeping = ['kysely_migration', 'kysely_migration_lock', 'migration_checksum', restoreMark]

/** A table of the public schema, and what of it is copied: what is computed from it is computed again. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly string[]
  /** Expressions that put its rows into one order wherever they lie: by their key, texts by their bytes. */
  readonly order: readonly string[]
}

/** All tables of the school, by name. */
export async function findTables(client: pg.ClientBase): Promise<TableShape[]> {
  const { rows } = await client.query<{
    name: string
    columns: string[]
    collated: boolean[]
    key: string[]
  }>(
    `select tables.relname as name,
       array_agg(columns.attname::text order by columns.attnum) as columns,
       array_agg(columns.attcollation <> 0 order by columns.attnum) as collated,
       coalesce((
         select array_agg(parts.attname::text order by place)
         from pg_constraint keys, unnest(keys.conkey) with ordinality as numbers (number, place)
         join pg_attribute parts on parts.attnum = number
         where keys.conrelid = tables.oid and keys.contype = 'p' and parts.attrelid = tables.oid
       ), '{}') as key
     from pg_class tables
     join pg_attribute columns on columns.attrelid = tables.oid
     where tables.relnamespace = 'public'::regnamespace and tables.relkind = 'r' and tables.relname <> all ($1)
       and columns.attnum > 0 and not columns.attisdropped and columns.attgenerated = ''
       and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = tables.oid and deptype = 'e')
     group by tables.oid, tables.relname
     order by tables.relname collate "C"`,
    [bookkeeping],
  )
  return rows.map(({ name, columns, collated, key }) => ({
    name,
    columns,
    order: (key.length > 0 ? key : columns).map((column) => {
      const plain = key.length > 0 && !collated[columns.indexOf(column)]
      return plain ? quote(column) : `${quote(column)}::text collate "C"`
    }),
  }))
}

export function copyOut({ name, columns, order }: TableShape): string {
  return `copy (select ${columns.map(quote).join(', ')} from public.${quote(name)} order by ${order.join(', ')}) to stdout`
}

export function copyIn({ name, columns }: Omit<TableShape, 'order'>): string {
  return `copy public.${quote(name)} (${columns.map(quote).join(', ')}) from stdin`
}

export function quote(name: string): string {
  return pg.escapeIdentifier(name)
}

/** Texts mean the same wherever they are written and read, and long work is not cut off. */
export const copySettings = `
  set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'; set local intervalstyle = 'postgres';
  set local extra_float_digits = 1; set local bytea_output = 'hex'; set local statement_timeout = 0;
  set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0`

/** How far long work has come: a part that is finished, or the one at work. */
export type OnProgress = (done: {
  readonly name: string
  readonly totals: Pick<Totals, 'rows' | 'bytes'>
}) => void
