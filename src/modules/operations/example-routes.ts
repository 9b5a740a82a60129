import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { Type } from 'typebox'
import type { App } from '../../platform/http/app.ts'
import { anyone } from '../../platform/http/policy.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed } from '../../platform/http/schemas.ts'

const root = join(import.meta.dirname, '../../..')
const vendor = join(root, 'node_modules/socket.io-client/dist/socket.io.esm.min.js')
const params = Closed({ '*': Type.String({ pattern: '^(examples|client/src)/[a-z][a-z/-]*\\.(ts|css)$' }) })
const types = { ts: 'text/javascript', css: 'text/css' } as const

/** Whether what the example consists of is there: not in an image that is built to serve only. */
export const hasExample = existsSync(join(root, 'examples/index.html')) && existsSync(vendor)

/**
 * A small front end at `/example`, of the sources of examples/ and client/: their types are stripped here, so that an edit is seen at the next
 * reload. For development; a school's front end is its own.
 */
export function exampleRoutes(app: App): void {
  const open = { config: { policy: anyone }, schema: { hide: true } }

  app.get('/example', open, async (_request, reply) => {
    const html = await readFile(join(root, 'examples/index.html'), 'utf8')
    return reply.headers(headersOf(html)).type('text/html; charset=utf-8').send(html)
  })

  app.get('/example/vendor/socket.io-client.js', open, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(await readFile(vendor)),
  )

  app.get('/example/*', { ...open, schema: { hide: true, params } }, async (request, reply) => {
    const path = request.params['*']
    const text = await readFile(join(root, path), 'utf8').catch(() => null)
    if (text === null) throw refuse(notFound)
    const type = path.endsWith('.ts') ? types.ts : types.css
    return reply
      .header('cache-control', 'no-cache')
      .type(`${type}; charset=utf-8`)
      .send(type === types.ts ? stripTypeScriptTypes(text) : text)
  })
}

/** The page runs the scripts of this origin and the map of its imports, and speaks to this origin alone. */
function headersOf(html: string): Record<string, string> {
  const [, importMap = ''] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(html) ?? []
  return {
    'content-security-policy': [
      "default-src 'none'",
      `script-src 'self' 'sha256-${hash('sha256', importMap, 'base64')}'`,
      "style-src 'self'",
      "connect-src 'self'",
      "img-src 'self'",
      "media-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex',
  }
}
