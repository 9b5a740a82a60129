import { type CompiledQuery, type RawBuilder, sql } from 'kysely'
import type { Db } from './database.ts'
import { askTogether } from './gather-reads.ts'
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
    const name = nameOf(query.sql)
    const asked = name && askTogether(executor, { name, text: query.sql, values: query.parameters })
    if (asked) return (await asked) as Row[]
    const { rows } = await executor.executeQuery<Row>(query)
    return rows
  }
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
