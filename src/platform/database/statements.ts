import { createHash } from 'node:crypto'
import { type PostgresPool, type PostgresPoolClient, sql } from 'kysely'
import type pg from 'pg'
import { type Held, hold, sendTogether } from './trips.ts'

/** What is to be known of a text. */
interface Known {
  /** Under which it is prepared. */
  readonly name: string
  readonly statesFacts: boolean
}

const known = new Map<string, Known>()
const mostKnown = 2_000
const eachTime = '-- planned each time'

/** Ends (`modifyEnd`) a statement whose best plan depends on its values: it stays unnamed, so that PostgreSQL plans it for them each time. */
export const plannedEachTime = sql.raw(eachTime)

const unread = '-- its answer is not read'

/**
 * Ends a statement that tells nothing: in a transaction it is sent with the next one, or with the COMMIT, so that nobody waits for it. Its
 * error is then theirs.
 */
export const answerNotRead = sql.raw(unread)

const facts = '/* states facts */'

/** Stands in a statement that leaves facts to be handed on: when its transaction has committed, whoever does so is woken. */
export const statesFacts = sql.raw(facts)

/**
 * The pool Kysely talks to: every statement with parameters is prepared under the hash of its text, so that PostgreSQL
 * parses and plans it once per connection (protocol flow "Extended Query", PostgreSQL documentation, chapter 54.2.3).
 * Texts must not carry values or lists of varying length (write `= any($1)`); past 2,000 texts the rest stay unnamed.
 * @param take gets a connection of the pool
 * @param onFacts called when a transaction has committed that left facts to be handed on
 */
export function nameStatements(
  pool: pg.Pool,
  take: () => Promise<pg.PoolClient>,
  onFacts: () => void,
): PostgresPool {
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await take()
      let naming = clients.get(client)
      if (!naming) {
        naming = namingClient(client, onFacts)
        clients.set(client, naming)
      }
      return naming
    },
  }
}

const begin = { name: 'begin', text: 'begin' }
const commit = { name: 'commit', text: 'commit' }
const anyAnswer = { name: 'answer', text: 'select' }
const noResult = { command: null, rowCount: null, rows: [] }

/**
 * BEGIN, and what tells nothing, wait for the next statement: a transaction takes as many round trips as it has answers to read, and one
 * without statements takes none.
 */
function namingClient(client: pg.PoolClient, onFacts: () => void): PostgresPoolClient {
  let held: Held[] = []
  let inTransaction = false
  /** Whether the server knows of the transaction. */
  let isOpen = false
  let hasFacts = false

  async function query(text: string, values: readonly unknown[]): Promise<unknown> {
    if (text === 'begin') {
      inTransaction = true
      isOpen = false
      hasFacts = false
      return sendLater(begin)
    }
    if (inTransaction && text === 'commit') {
      const isEmpty = !isOpen && held.length === 1
      if (isEmpty) return noResult
      const answer = await send(commit)
      if (hasFacts) onFacts()
      return answer
    }
    if (inTransaction && text === 'rollback') {
      held = []
      return isOpen ? send({ text }) : noResult
    }
    const isNamed = values.length > 0 && !text.endsWith(eachTime)
    const found = isNamed ? knownOf(text) : undefined
    hasFacts ||= found?.statesFacts ?? text.includes(facts)
    if (!found) return send({ text, values: [...values] })
    const statement = { name: found.name, text, values: [...values] }
    return inTransaction && text.endsWith(unread) ? sendLater(statement) : send(statement)
  }

  function sendLater(statement: pg.QueryConfig & { name: string }) {
    const bound = hold(client, statement)
    if (!bound) return send(statement)
    held.push(bound)
    return noResult
  }

  async function send(statement: pg.QueryConfig): Promise<unknown> {
    isOpen = inTransaction
    if (held.length === 0) return client.query(statement)
    const before = held
    held = []
    if (statement.name || statement.values?.length) return sendTogether(client, before, statement)
    // It may be several in one text, of which the server takes no others before it.
    await sendTogether(client, before, anyAnswer)
    return client.query(statement)
  }

  return {
    query: query as unknown as PostgresPoolClient['query'],
    release(destroy) {
      held = []
      inTransaction = false
      client.release(destroy)
    },
    get processID() {
      return (client as unknown as { processID: number }).processID
    },
  }
}

/** What a statement is prepared as; undefined for those of which there are too many. */
export function nameOf(text: string): string | undefined {
  return knownOf(text)?.name
}

function knownOf(text: string): Known | undefined {
  let found = known.get(text)
  if (!found && known.size < mostKnown) {
    const name = createHash('sha1').update(text).digest('base64url')
    found = { name, statesFacts: text.includes(facts) }
    known.set(text, found)
  }
  return found
}
