import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { build } from 'esbuild'

/** A front end of its own origin: the phone, bundled with the client that it uses. */
export interface PageServer {
  readonly origin: string
  close(): Promise<void>
}

export async function servePhone(): Promise<PageServer> {
  const bundle = await build({
    entryPoints: [join(import.meta.dirname, 'phone.js')],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    // Uploads are no part of a phone, and load this only when they are asked for.
    external: ['tus-js-client'],
    write: false,
  })
  const files = new Map<string, readonly [string, Uint8Array]>([
    ['/phone.html', ['text/html', await readFile(join(import.meta.dirname, 'phone.html'))]],
    ['/phone.js', ['text/javascript', bundle.outputFiles[0]?.contents ?? new Uint8Array()]],
  ])
  const server = createServer((request, response) => {
    const [type, content] = files.get(new URL(request.url ?? '/', 'http://phone').pathname) ?? []
    if (type === undefined) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': type }).end(content)
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
