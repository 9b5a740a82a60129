/** What a column holds of people, as its comment in the database says (docs/how-to/add-a-migration.md). */
export interface Column {
  readonly table: string
  readonly name: string
  /** As PostgreSQL writes it. */
  readonly type: string
  readonly isGenerated: boolean
  /** `none`: nothing of anybody; `person`: an id of somebody; `personal`: what tells of them; `secret`: what opens something. */
  readonly holds: 'none' | 'person' | 'personal' | 'secret'
  /** Whether the archive of the person has it; null: it has. */
  readonly notExported: string | null
  /** Why it is kept when the account is deleted; null: it is not. */
  readonly kept: string | null
  /** When it is erased, where not with the account. */
  readonly erasedLater: string | null
}

interface CommentRow {
  table: string
  name: string
  type: string
  generated: boolean
  comment: string | null
}

/** What of `pg.Pool` is needed here. */
export interface Queries {
  query(text: string, values?: unknown[]): Promise<{ rows: CommentRow[] }>
}

const rule = 'docs/how-to/add-a-migration.md says how.'
const comment =
  /^(person|personal|secret); (?:exported|not exported: (?<notExported>[^;]+)); (?:erased(?:: (?<later>[^;]+))?|kept: (?<kept>[^;]+))$/

/**
 * The columns of all tables, by table, and what they hold of people.
 * @throws where a column does not say it: all of them are named
 */
export async function readColumns(database: Queries): Promise<Column[]> {
  const { rows } = await database.query(`
    select relname as table, attname as name, format_type(atttypid, atttypmod) as type, attgenerated <> '' as generated,
      col_description(pg_class.oid, attnum) as comment
    from pg_class join pg_attribute on attrelid = pg_class.oid
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and attnum > 0 and not attisdropped
      and relname !~ '^(kysely_|migration_checksum)'
    order by relname, attnum`)
  const columns = rows.map(readComment)
  const faults = columns.filter((column) => typeof column === 'string')
  if (faults.length > 0) throw new Error(`${faults.join('\n')}\n${rule}`)
  return columns.filter((column) => typeof column !== 'string')
}

function readComment({ table, name, type, generated, comment: said }: CommentRow): Column | string {
  const column = { table, name, type, isGenerated: generated }
  if (said === 'none') return { ...column, holds: 'none', notExported: null, kept: null, erasedLater: null }
  const match = comment.exec(said ?? '')
  if (!match)
    return `${table}.${name}: its migration does not say what it holds of people (comment on column ${table}.${name} is '…')${said === null ? '' : `, but: ${said}`}`
  const { notExported = null, kept = null, later = null } = match.groups ?? {}
  return { ...column, holds: match[1] as Column['holds'], notExported, kept, erasedLater: later }
}

const block = /(<!-- columns: generated -->\n)[\s\S]*(<!-- \/columns -->)/

/** docs/privacy.md with its table as the columns say it. */
export function writeColumns(document: string, columns: readonly Column[]): string {
  if (!block.test(document)) throw new Error('docs/privacy.md has no place for the table of columns.')
  return document.replace(block, (_, begin, end) => `${begin}\n${describeColumns(columns)}\n\n${end}`)
}

/** The table of docs/privacy.md: what is held of people, by table; what is the same is said once. */
export function describeColumns(columns: readonly Column[]): string {
  const about = columns.filter(({ holds }) => holds !== 'none')
  const lines = [...Map.groupBy(about, ({ table }) => table)].flatMap(([table, own]) =>
    [...Map.groupBy(own, treatment)].map(([said, alike]) => {
      const names = alike.map(({ name, holds }) =>
        holds === 'personal' ? `\`${name}\`` : `\`${name}\` (${holds})`,
      )
      return `| \`${table}\` | ${names.join(', ')} | ${said} |`
    }),
  )
  return [
    '| Table | Columns | In the archive | When the account is deleted |',
    '| --- | --- | --- | --- |',
    ...lines,
  ].join('\n')
}

function treatment({ notExported, kept, erasedLater }: Column): string {
  const exported = notExported === null ? 'yes' : `no: ${notExported}`
  const erased = kept === null ? `erased${erasedLater === null ? '' : ` ${erasedLater}`}` : `kept: ${kept}`
  return `${exported} | ${erased}`
}
