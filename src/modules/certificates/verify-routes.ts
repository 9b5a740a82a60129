import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { anyone } from '../../platform/http/policy.ts'
import { perAddress } from '../../platform/http/rate-limits.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { presentVerification } from './present.ts'
import { findCertificateByCode } from './queries.ts'
import { readCode } from './rules.ts'
import { Verification } from './schemas.ts'

export function verifyRoutes(app: App, { db }: Deps): void {
  app.get(
    '/certificates/verify/:code',
    {
      config: { policy: anyone, ...perAddress(60) },
      schema: {
        operationId: 'verifyCertificate',
        summary: 'Whether a certificate is one of this school, and still valid',
        description: 'Small letters, missing dashes, O for 0 and I or L for 1 are understood.',
        tags: ['Learning'],
        params: Closed({ code: Type.String({ maxLength: 100 }) }),
        response: responses({ 200: Verification }, notFound),
      },
    },
    async (request) => {
      const code = readCode(request.params.code)
      const certificate = code === null ? undefined : await findCertificateByCode(db, code)
      if (!certificate) throw refuse(notFound, 'No certificate of this school has this code.')
      return presentVerification(certificate)
    },
  )
}
