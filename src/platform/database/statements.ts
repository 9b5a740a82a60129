import { createHash } from 'node:crypto'
import { type PostgresPool, type PostgresPoolClient, sql } from 'kysely'
import type pg from 'pg'

const names = new Map<string, string>()
const mostNames = 2_000
const eachTime = '-- planned each time'

/** Ends (`modifyEnd`) a statement whose best plan depends on its values: it stays unnamed, so that PostgreSQL plans it for them each time. */
export const plannedEachTime = sql.raw(eachTime)

/**
 * The pool Kysely talks to: every statement with parameters is prepared under the hash of its text, so that PostgreSQL
 * parses and plans it once per connection (protocol flow "Extended Query", PostgreSQL documentation, chapter 54.2.3).
 * Texts must not carry values or lists of varying length (write `= any($1)`); past 2,000 texts the rest stay unnamed.
 * @param take gets a connection of the pool
 */
export function nameStatements(pool: pg.Pool, take: () => Promise<pg.PoolClient>): PostgresPool {
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await take()
      let naming = clients.get(client)
      if (!naming) {
        naming = namingClient(client)
        clients.set(client, naming)
      }
      return naming
    },
  }
}

function namingClient(client: pg.PoolClient): PostgresPoolClient {
  const query = (text: string, values: readonly unknown[]) => {
    const name = values.length > 0 && !text.endsWith(eachTime) ? nameOf(text) : undefined
    return client.query(name ? { name, text, values: [...values] } : { text, values: [...values] })
  }
  return {
    query: query as unknown as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy),
    get processID() {
      return (client as unknown as { processID: number }).processID
    },
  }
}

function nameOf(text: string): string | undefined {
  let name = names.get(text)
  if (!name && names.size < mostNames) {
    name = createHash('sha1').update(text).digest('base64url')
    names.set(text, name)
  }
  return name
}
