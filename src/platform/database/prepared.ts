import { type CompiledQuery, type RawBuilder, sql } from 'kysely'
import type { Db } from './database.ts'
import { type Read, valuesToSend } from './read-trip.ts'
import { nameOf } from './statements.ts'

type Places<Input> = { readonly [Name in keyof Input]-?: RawBuilder<Input[Name]> }

class Place {
  readonly name: PropertyKey
  constructor(name: PropertyKey) {
    this.name = name
  }
}

/**
 * A statement that is asked all the time: its text is composed once, at the first use, instead of at each.
 * @param write says the statement; it gets a place for each value by the value's name, and may use it wherever a value may stand
 */
export function prepare<Input extends object, Row>(
  write: (places: Places<Input>) => RawBuilder<Row>,
): (db: Db, input: Input) => Promise<Row[]> {
  const compose = composed(write)
  return async (db, input) => {
    const { rows } = await db.getExecutor().executeQuery<Row>(compose(db, input))
    return rows
  }
}

type Ask = (query: CompiledQuery, name: string) => Promise<unknown[]>
/** By the executor of a handle that is no transaction, whose reads may be asked with those of others. */
const together = new WeakMap<object, Ask>()

/**
 * The same for a statement that only reads, and takes no longer than it takes to find a few rows by an index. Outside of transactions it is
 * sent with others that are asked at the same moment, and is answered after those before it.
 */
export function prepareRead<Input extends object, Row>(
  write: (places: Places<Input>) => RawBuilder<Row>,
): (db: Db, input: Input) => Promise<Row[]> {
  const compose = composed(write)
  return async (db, input) => {
    const executor = db.getExecutor()
    const query = compose(db, input)
    const ask = together.get(executor)
    const name = nameOf(query.sql)
    if (ask && name) return (await ask(query, name)) as Row[]
    const { rows } = await executor.executeQuery<Row>(query)
    return rows
  }
}

/**
 * Has the reads of a handle asked together.
 * @param send takes a read, which goes with others
 * @param note hears of each statement with the milliseconds it took
 */
export function readTogetherOn(
  db: Db,
  send: (read: Read) => void,
  note: (text: string, milliseconds: number) => void,
): void {
  const ask: Ask = ({ sql: text, parameters }, name) =>
    new Promise((resolve, reject) => {
      send({
        name,
        text,
        values: valuesToSend(parameters),
        answer(rows, milliseconds) {
          note(text, milliseconds)
          resolve(rows)
        },
        fail(error, milliseconds) {
          note(text, milliseconds)
          reject(error)
        },
      })
    })
  together.set(db.getExecutor(), ask)
}

function composed<Input extends object, Row>(write: (places: Places<Input>) => RawBuilder<Row>) {
  let query: CompiledQuery | undefined
  return (db: Db, input: Input): CompiledQuery => {
    query ??= write(places<Input>()).compile(db)
    const parameters = query.parameters.map((value) =>
      value instanceof Place ? input[value.name as keyof Input] : value,
    )
    return { ...query, parameters }
  }
}

function places<Input>(): Places<Input> {
  return new Proxy({} as Places<Input>, { get: (_, name) => sql.val(new Place(name)) })
}
