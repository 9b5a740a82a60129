import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface JsonServer {
  readonly url: string
  /** What was asked for, in order: method and path. */
  readonly requests: string[]
  close(): Promise<void>
}

/** An outside service on loopback that answers in JSON. */
export async function openJsonServer(
  answer: (path: string, request: IncomingMessage) => { status?: number; body: unknown },
): Promise<JsonServer> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    requests.push(`${request.method} ${path}`)
    const { status = 200, body } = answer(path, request)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
