import pg from 'pg'

/** What `pg` has of a connection, and its types do not say. */
interface Connection {
  readonly stream: { cork(): void; uncork(): void }
  bind(statement: { statement: string; values: readonly Sent[] }): void
  execute(portal: object): void
  sync(): void
}

type Sent = string | Buffer | null
const { prepareValue } = (pg as unknown as { utils: { prepareValue(value: unknown): Sent } }).utils

/** Values as they are sent; throws where one cannot be. */
export const valuesToSend = (values: readonly unknown[]): Sent[] => values.map((value) => prepareValue(value))

/** A named statement that only reads, and who waits for its rows. */
export interface Read {
  readonly name: string
  readonly text: string
  readonly values: readonly Sent[]
  /** @param milliseconds that its trip took until then, with all that went before it */
  answer(rows: unknown[], milliseconds: number): void
  fail(error: unknown, milliseconds: number): void
}

/** A result of `pg`, by which the rows of the same statement are read again. */
interface Shape {
  parseRow(fields: readonly (string | null)[]): unknown
  rows: unknown[]
}

/**
 * By connection and name, of what was prepared there. It stays as it is: a prepared statement whose answer would be another fails
 * ("cached plan must not change result type").
 */
const shapes = new WeakMap<pg.PoolClient, Map<string, Shape>>()

/**
 * Asks reads in one message with one Sync at its end (PostgreSQL documentation, "Extended Query", pipelining), and answers each in its turn.
 * Each sees what was committed before it was asked, as by itself. The first of its text on a connection is asked alone.
 * @param reads whoever has been answered, or has failed, is taken out; left are those that the server passed over, since one before them
 *   failed
 * @throws where the connection is lost
 */
export async function askInOneTrip(client: pg.PoolClient, reads: Read[]): Promise<void> {
  const known = shapesOf(client)
  const isNew = ({ name }: Read) => !known.has(name)
  for (let at = reads.findIndex(isNew); at >= 0; at = reads.findIndex(isNew)) {
    const [read] = reads.splice(at, 1)
    if (read) await askAlone(client, read, known)
  }
  if (reads.length === 0) return
  const isWhole = await new Promise<boolean>((resolve, reject) => {
    client.query(new ReadTrip(reads, known, resolve, reject) as unknown as pg.Submittable)
  })
  if (!isWhole) await requireAlive(client)
}

/** A server that ends a connection says so by an error, which looks like one of a statement. */
async function requireAlive(client: pg.PoolClient): Promise<void> {
  await client.query('select')
}

function shapesOf(client: pg.PoolClient): Map<string, Shape> {
  let known = shapes.get(client)
  if (!known) {
    known = new Map()
    shapes.set(client, known)
  }
  return known
}

/** It is prepared, and its answer tells how those of the others will be. */
async function askAlone(
  client: pg.PoolClient,
  { name, text, values, answer, fail }: Read,
  known: Map<string, Shape>,
): Promise<void> {
  const began = performance.now()
  try {
    const result = (await client.query({ name, text, values: [...values] })) as unknown as Shape
    const { rows } = result
    result.rows = []
    known.set(name, result)
    answer(rows, performance.now() - began)
  } catch (error) {
    fail(error, performance.now() - began)
    await requireAlive(client)
  }
}

/** What `pg` takes for a query, and tells what is answered. */
class ReadTrip {
  readonly #reads: Read[]
  readonly #shapes: ReadonlyMap<string, Shape>
  readonly #end: (whole: boolean) => void
  readonly #lost: (error: unknown) => void
  #rows: unknown[] = []
  #fault: unknown
  #began = 0

  constructor(
    reads: Read[],
    shapes: ReadonlyMap<string, Shape>,
    end: (whole: boolean) => void,
    lost: (error: unknown) => void,
  ) {
    this.#reads = reads
    this.#shapes = shapes
    this.#end = end
    this.#lost = lost
  }

  submit(connection: Connection): null {
    this.#began = performance.now()
    connection.stream.cork()
    for (const { name, values } of this.#reads) {
      connection.bind({ statement: name, values })
      connection.execute({})
    }
    connection.sync()
    connection.stream.uncork()
    return null
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    try {
      this.#rows.push(this.#shapes.get(this.#reads[0]?.name ?? '')?.parseRow(fields))
    } catch (error) {
      this.#fault ??= error
    }
  }

  handleCommandComplete(): void {
    const read = this.#reads.shift()
    const rows = this.#rows
    const fault = this.#fault
    this.#rows = []
    this.#fault = undefined
    const milliseconds = performance.now() - this.#began
    if (fault === undefined) read?.answer(rows, milliseconds)
    else read?.fail(fault, milliseconds)
  }

  handleReadyForQuery(): void {
    this.#end(true)
  }

  /** Of the server, about the one whose turn it is; or of the connection. */
  handleError(error: unknown): void {
    if (error instanceof pg.DatabaseError) {
      this.#reads.shift()?.fail(error, performance.now() - this.#began)
      this.#end(false)
    } else this.#lost(error)
  }
}
