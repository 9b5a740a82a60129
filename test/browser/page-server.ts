import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' }
const client = join(import.meta.dirname, '../../node_modules/socket.io-client/dist')

/** A front end of its own origin: the phone, and the client of Socket.IO that it uses. */
export interface PageServer {
  readonly origin: string
  close(): Promise<void>
}

export async function servePhone(): Promise<PageServer> {
  const files = new Map(
    [
      ['/phone.html', import.meta.dirname],
      ['/phone.js', import.meta.dirname],
      ['/socket.io.esm.min.js', client],
    ].map(([path = '', folder = '']) => [path, join(folder, path)]),
  )
  const server = createServer(async (request, response) => {
    const file = files.get(new URL(request.url ?? '/', 'http://phone').pathname)
    if (!file) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': types[extname(file)] ?? '' }).end(await readFile(file))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
