import pg from 'pg'

/** What `pg` has of a connection, and its types do not say. */
interface Connection {
  readonly stream: { cork(): void; uncork(): void; write(bytes: Buffer): void }
  /** The texts of the statements that are prepared on it, by their names. */
  readonly parsedStatements: Readonly<Record<string, string>>
}

/** A query of `pg`, which hears what the server answers to it. */
interface Query {
  submit(connection: Connection): Error | null
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, connection: Connection): void
}
type Told = (error: Error | null, result: pg.QueryResult) => void
const Query = pg.Query as unknown as new (config: pg.QueryConfig, values: undefined, told: Told) => Query

/** A prepared statement that was bound to its values and waits to be sent. */
export type Held = Buffer

/** A statement in the same message as others before it. The server answers all at once, and passes over what comes after one that failed. */
class Trip extends Query {
  readonly #held: readonly Held[]
  #unanswered: number

  constructor(held: readonly Held[], config: pg.QueryConfig, told: Told) {
    super(config, undefined, told)
    this.#held = held
    this.#unanswered = held.length
  }

  override submit(connection: Connection): Error | null {
    connection.stream.cork()
    for (const bytes of this.#held) connection.stream.write(bytes)
    const failed = super.submit(connection)
    connection.stream.uncork()
    return failed
  }

  override handleDataRow(message: unknown): void {
    if (this.#unanswered === 0) super.handleDataRow(message)
  }

  override handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.#unanswered === 0) super.handleCommandComplete(message, connection)
    else this.#unanswered--
  }
}

/**
 * Sends what was held and a statement after it in one message, without a Sync between them (PostgreSQL documentation, "Extended Query",
 * pipelining): whatever fails, what comes after it is not done, and the error is that of the statement. So a BEGIN that failed is
 * followed by nothing.
 * @param config one with a name or values, since a plain text may be several statements
 */
export function sendTogether(
  client: pg.PoolClient,
  held: readonly Held[],
  config: pg.QueryConfig,
): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    const told: Told = (error, result) => (error ? reject(error) : resolve(result))
    client.query(new Trip(held, config, told) as unknown as pg.Submittable)
  })
}

/**
 * Binds a statement to its values, to be sent later; null where it has not been prepared on this connection yet.
 * @throws where a value cannot be sent
 */
export function hold(client: pg.PoolClient, config: pg.QueryConfig & { name: string }): Held | null {
  const { connection } = client as unknown as { connection: Connection }
  if (connection.parsedStatements[config.name] === undefined) return null
  const parts: Buffer[] = []
  // Written as it would be sent, but for the questions for an answer.
  const recorder = Object.create(connection, {
    stream: { value: {} },
    _send: { value: (bytes: Buffer) => void parts.push(bytes) },
    describe: { value: () => undefined },
    sync: { value: () => undefined },
  })
  let failure: Error | null = null
  const failed = new Query(config, undefined, (error) => {
    failure = error
  }).submit(recorder)
  if (failed ?? failure) throw failed ?? failure
  return Buffer.concat(parts)
}
