import { type CompiledQuery, type RawBuilder, sql } from 'kysely'
import type { Db } from './database.ts'

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
  let composed: CompiledQuery | undefined
  return async (db, input) => {
    composed ??= write(places<Input>()).compile(db)
    const parameters = composed.parameters.map((value) =>
      value instanceof Place ? input[value.name as keyof Input] : value,
    )
    const { rows } = await db.getExecutor().executeQuery<Row>({ ...composed, parameters })
    return rows
  }
}

function places<Input>(): Places<Input> {
  return new Proxy({} as Places<Input>, { get: (_, name) => sql.val(new Place(name)) })
}
