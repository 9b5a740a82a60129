import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { anyone } from '../../platform/http/policy.ts'
import { perAddress } from '../../platform/http/rate-limits.ts'
import { Closed } from '../../platform/http/schemas.ts'
import { findKeys } from './key-queries.ts'
import { findCertificateByCode } from './queries.ts'
import { readCode } from './rules.ts'
import { publicJwk } from './sign-claims.ts'
import { renderVerifyPage, verifyPageHeaders } from './verify-page.ts'

export function certificatePages(app: App, { config, db }: Deps): void {
  app.get(
    '/verify/:code',
    {
      config: { policy: anyone, ...perAddress(60) },
      schema: { hide: true, params: Closed({ code: Type.String({ maxLength: 100 }) }) },
    },
    async (request, reply) => {
      const code = readCode(request.params.code)
      const certificate = code === null ? undefined : await findCertificateByCode(db, code)
      return reply
        .code(certificate ? 200 : 404)
        .headers(verifyPageHeaders)
        .type('text/html; charset=utf-8')
        .send(renderVerifyPage(certificate, { school: config.schoolName, asked: request.params.code }))
    },
  )

  // A JWK Set (RFC 7517, section 5). Keys are only ever added, so that whoever keeps a copy may keep it for long.
  app.get(
    '/.well-known/jwks.json',
    { config: { policy: anyone }, schema: { hide: true } },
    async (_, reply) => {
      const keys = await findKeys(db)
      const published = keys.map(({ kid, public_key }) => ({
        ...publicJwk(public_key),
        kid,
        alg: 'EdDSA',
        use: 'sig',
      }))
      return reply
        .header('cache-control', 'public, max-age=3600')
        .header('access-control-allow-origin', '*')
        .type('application/jwk-set+json')
        .send(JSON.stringify({ keys: published }))
    },
  )
}
