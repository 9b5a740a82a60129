import type pg from 'pg'
import { formatCode } from '../../src/modules/certificates/rules.ts'
import type { World } from '../support/world.ts'
import type { Column } from './columns.ts'
import type { Life } from './life.ts'

/** A value of a person that is in one column, and nowhere else unless it was copied. */
export interface Mark {
  readonly column: Column
  /** As the archive writes it. */
  readonly shown: string
  /** Whether it is a text that can be looked for: a moment may be another's, too. */
  readonly text: boolean
}

/** What a column takes instead of a word of ours. */
const values: Readonly<Record<string, string>> = {
  'users.email': 'mark-users-email@mark.example',
  'payments.currency': 'XAU',
  'refunds.currency': 'XAG',
  // Nobody is to be asked about it while it is marked.
  'payments.gateway': 'coupon',
  'refunds.gateway': 'coupon',
}

/** Left as they are: the value is bound to others; what is there is looked for, in the form that the archive gives it. */
const bound: Readonly<Record<string, (value: string) => string>> = {
  'certificates.code': formatCode,
  'certificates.token': (token) => token,
  'media.status': (status) => status,
}

/**
 * Puts a value of its own into each column of a person's rows: words into texts, moments into moments. Of JSON, which has a shape, the
 * texts that are in it are looked for. Numbers, words of enumerations and yes or no are not told apart, and stay.
 */
export async function markLife(world: World, life: Life, columns: readonly Column[]): Promise<Mark[]> {
  const client = await world.database.pool.connect()
  const marks: Mark[] = []
  try {
    // Neither triggers nor checks: nothing else is to change, and one value is to be free of the other.
    await client.query("set session_replication_role = 'replica'")
    const { rows: checks } = await client.query(
      `select conrelid::regclass as table, conname as name from pg_constraint
       where contype = 'c' and connamespace = 'public'::regnamespace`,
    )
    for (const { table, name } of checks) await client.query(`alter table ${table} drop constraint ${name}`)
    for (const [index, column] of columns.filter(isMarked).entries())
      marks.push(...(await markColumn(client, life, column, index)))
  } finally {
    await client.query('reset session_replication_role')
    client.release()
  }
  return marks
}

function isMarked({ holds, type, isGenerated }: Column): boolean {
  return (holds === 'personal' || holds === 'secret') && !isGenerated && type !== ''
}

async function markColumn(client: pg.PoolClient, life: Life, column: Column, index: number): Promise<Mark[]> {
  const { table, name, type, holds } = column
  const owned = life.rowsOf[table] ?? 'user_id = $1'
  const { rows } = await client.query(
    `select ctid::text as place, ${name} as value from ${table} where ${owned} ${table === 'sessions' ? `and id <> '${life.person.sessionId}'` : ''} order by ctid`,
    [life.person.id],
  )
  const key = `${table}.${name}`
  const asIs = bound[key]
  const there = rows.map(({ value }) => value).filter((value) => value !== null)
  if (asIs) return there.map((value) => ({ column, shown: asIs(value), text: true }))
  if (type === 'jsonb') return there.flatMap(textsIn).map((shown) => ({ column, shown, text: false }))
  if (holds === 'secret')
    return there.map((value) => ({
      column,
      shown: Buffer.isBuffer(value) ? value.toString('hex') : String(value),
      text: true,
    }))
  const moment = new Date(Date.UTC(2001, 0, 1, index))
  const marks: Readonly<Record<string, [unknown, string]>> = {
    text: [values[key] ?? `mark-${table}-${name}`, values[key] ?? `mark-${table}-${name}`],
    citext: [values[key] ?? `mark-${table}-${name}`, values[key] ?? `mark-${table}-${name}`],
    'timestamp with time zone': [moment, moment.toISOString()],
  }
  const mark = marks[type]
  if (!mark) return there.length > 0 ? [{ column, shown: '', text: false }] : []
  const [value, shown] = mark
  if (rows.length === 0) return []
  // A moment into all that have one, since which of them tells it depends on how it stands; a word into one, where it may have to be unique.
  const set = rows.filter((row) => row.value !== null)
  const places = (set.length > 0 ? set : rows).map(({ place }) => place)
  await client.query(`update ${table} set ${name} = $1 where ctid = any($2::tid[])`, [
    value,
    value === moment ? places : places.slice(0, 1),
  ])
  return [{ column, shown, text: type.endsWith('text') }]
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
