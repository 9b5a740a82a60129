import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'
import { findKnownMigrations, findMigrated, restoreMark } from '../database/migrate.ts'
import { workerPoolSize } from '../jobs/worker.ts'
import { processesOf } from '../processes/messages.ts'
import { failure, ofDatabase, ok, warning } from './check.ts'

const oldestServer = 150_000
const extensions = ['citext', 'pg_trgm', 'unaccent']
/** Of the worker in a process: its pool, for eight jobs of ours at most, and the one that says that it lives. */
const workerConnections = workerPoolSize(8) + 1

/** One statement's only row. */
export async function askFor<Row>({ pool }: Database, text: string, values: unknown[] = []): Promise<Row> {
  const { rows } = await pool.query(text, values)
  return rows[0] as Row
}

export const versionCheck = ofDatabase('database', async (database) => {
  const { version, shown } = await askFor<{ version: number; shown: string }>(
    database,
    `select current_setting('server_version_num')::int as version, split_part(current_setting('server_version'), ' ', 1) as shown`,
  )
  if (version < oldestServer)
    return failure(`PostgreSQL ${shown} is too old.`, 'Move to PostgreSQL 15 or newer.')
  return ok(`PostgreSQL ${shown} answers.`)
})

export const extensionsCheck = ofDatabase('extensions', async (database) => {
  const { missing } = await askFor<{ missing: string[] }>(
    database,
    `select array(select name from unnest($1::text[]) as name
       where name not in (select name from pg_available_extensions)) as missing`,
    [extensions],
  )
  if (missing.length === 0) return ok(`${extensions.join(', ')} are there.`)
  return failure(
    `The server lacks ${missing.join(', ')}.`,
    'Install the package postgresql-contrib there, or allow the extensions in the console of the service.',
  )
})

export const migrationsCheck = ofDatabase('migrations', async (database) => {
  const client = await database.pool.connect()
  try {
    const { rows } = await client.query('select to_regclass($1) is not null as found', [
      `public.${restoreMark}`,
    ])
    if (rows[0]?.found)
      return failure(
        'A restore into this database did not come to its end.',
        'Run it again: lectern restore FILE.',
      )
    const [applied, known] = [await findMigrated(client), await findKnownMigrations()]
    return judgeMigrations(applied, known)
  } finally {
    client.release()
  }
})

interface Named {
  readonly name: string
  readonly checksum: string
}

function judgeMigrations(applied: readonly Named[], known: readonly Named[]) {
  const files = new Map(known.map(({ name, checksum }) => [name, checksum]))
  const there = new Set(applied.map(({ name }) => name))
  const unknown = applied.filter(({ name }) => !files.has(name))
  const edited = applied.filter(({ name, checksum }) => files.has(name) && files.get(name) !== checksum)
  const lacking = known.filter(({ name }) => !there.has(name))
  const names = (list: readonly Named[]) => list.map(({ name }) => name).join(', ')
  if (unknown.length > 0)
    return failure(
      `The database has ${names(unknown)}, which this version does not know.`,
      'Start the newer version of Lectern that made them.',
    )
  if (edited.length > 0)
    return failure(
      `${names(edited)}: the file was edited after it had been applied.`,
      'Put the file back as it was released.',
    )
  if (lacking.length > 0) {
    const some = lacking.length > 3 ? `${lacking.length} migrations` : names(lacking)
    return failure(
      `The database lacks ${some}.`,
      'Run lectern migrate; serve and worker do so when they start.',
    )
  }
  return ok(`All ${known.length} are applied, the newest is ${known.at(-1)?.name}.`)
}

export const connectionsCheck = ofDatabase('connections', async (database, { config }) => {
  const { most, used } = await askFor<{ most: number; used: number }>(
    database,
    `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most,
       (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used`,
  )
  const needed = connectionsOf(config)
  const said = `A node opens up to ${needed} connections; the server takes ${most}, and has ${used} now.`
  if (needed > most) return failure(said, 'Lower DATABASE_POOL, or raise max_connections.')
  if (needed * 2 > most)
    return warning(
      said,
      'Two nodes, or one and its successor, do not fit: lower DATABASE_POOL, or raise max_connections.',
    )
  return ok(said)
})

/** What one node may open at most: per process its pool and the one that listens, and once those of its worker. */
function connectionsOf(config: Config): number {
  const each = config.databasePool + 1
  const processes = processesOf(config)
  if (config.jobs === 'off') return processes * each
  return (processes > 1 ? processes + 1 : 1) * each + workerConnections
}
