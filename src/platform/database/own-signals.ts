import type pg from 'pg'

/** The SQLSTATE of the messages by which `send_signal` tells the process whose transaction it is. */
const ownSignal = 'LC001'

/**
 * Calls back with what the transactions of a connection signal, as soon as they have committed: the server's answer is read before
 * whoever waits for the commit goes on (PostgreSQL documentation, protocol: NoticeResponse, CommandComplete, ReadyForQuery).
 */
export function collectOwnSignals(client: pg.PoolClient, told: (text: string) => void): void {
  let held = new Set<string>()
  let undone = false
  client.on('notice', ({ code, message }) => {
    if (code === ownSignal && message !== undefined) held.add(message)
  })
  const { connection } = client
  // Also a COMMIT is answered ROLLBACK where the transaction had failed.
  connection.on('commandComplete', ({ text }: { text: string }) => {
    undone = text === 'ROLLBACK'
  })
  connection.on('errorMessage', () => {
    undone = true
  })
  connection.on('readyForQuery', ({ status }: { status: string }) => {
    if (status !== 'I' || held.size === 0) return
    const texts = held
    held = new Set()
    if (!undone) for (const text of texts) told(text)
  })
}
