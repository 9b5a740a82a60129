import pg from 'pg'

/**
 * Connects beside the pools, for a question whose answer is of no use when it comes late.
 * @param options.name that the server shows the connection under
 * @param options.patienceMs for the connection, and then for each answer
 * @throws where the server does not answer by then, or refuses
 */
export async function connectBriefly(
  url: string,
  { name, patienceMs }: { name: string; patienceMs: number },
): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  })
  // What waits for it is told by the query.
  client.on('error', () => undefined)
  await client.connect()
  return client
}
