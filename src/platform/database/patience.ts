/** How long the database is waited for, in milliseconds. Whoever waits longer is answered 503 `overloaded`, and nothing has been done. */
export interface Patience {
  /** For a connection: in the queue of the pool, or until one is made. */
  readonly connectionMs: number
  /** While somebody waits for a connection as long as this, who comes next would too, and is refused at once. */
  readonly queueMs: number
  /** For a lock that another transaction holds. */
  readonly lockMs: number
  /** For a statement. */
  readonly statementMs: number
  /** How long a transaction may do nothing, as one does whose process is frozen; its locks are then freed. */
  readonly idleMs: number
  /** For anything at all on a connection that owes an answer; the server is then asked whether it is at work on it. */
  readonly silentMs: number
}

export const usualPatience: Patience = {
  connectionMs: 5_000,
  queueMs: 2_000,
  lockMs: 5_000,
  statementMs: 60_000,
  idleMs: 60_000,
  silentMs: 10_000,
}
