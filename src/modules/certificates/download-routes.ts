import { Type } from 'typebox'
import { contentDisposition } from '../../platform/content-disposition.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { isKnown } from '../../platform/http/etag.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { related } from '../../platform/http/policy.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { findCourseFacts } from '../catalogue/index.ts'
import { requireChild } from '../guardians/index.ts'
import { certificateRevoked } from './errors.ts'
import { openPdf } from './keep-pdf.ts'
import { pdfVersion } from './pdf-key.ts'
import { requireReader } from './policy.ts'
import { findCertificate } from './queries.ts'

export function downloadRoutes(app: App, deps: Deps): void {
  const { config, db, transact } = deps

  app.get(
    '/certificates/:id/download',
    {
      config: { policy: related('its student, owner, parent') },
      schema: {
        operationId: 'downloadCertificate',
        summary: 'A certificate as PDF, with a QR code that leads to the public page and proves itself',
        tags: ['Learning'],
        params: Closed({ id: Id }),
        produces: ['application/pdf'],
        response: responses(
          {
            200: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }),
            304: Type.Unsafe<unknown>({ type: 'null', description: 'Not changed since `If-None-Match`.' }),
          },
          notFound,
          certificateRevoked,
        ),
      },
    },
    async (request, reply) => {
      const certificate = await findCertificate(db, request.params.id)
      if (!certificate) throw refuse(notFound)
      const actor = actorOf(request)
      const isOwn = certificate.user_id === actor.userId
      const course = isOwn ? undefined : await findCourseFacts(db, certificate.course_id)
      if (!isOwn && actor.role === 'parent') {
        const look = { childId: certificate.user_id, what: 'certificate' }
        await transact((tx) => requireChild(tx, actor, look))
      } else requireReader(actor, certificate, course)
      if (certificate.revoked_at) throw refuse(certificateRevoked)

      const tag = `"${pdfVersion(certificate, config)}"`
      reply.headers({ etag: tag, 'cache-control': 'private, no-cache' })
      if (isKnown(request.headers['if-none-match'], tag)) return reply.code(304).send(null)
      const pdf = await openPdf(deps, certificate)
      const fileName = `${certificate.course_title}.pdf`
      reply.headers({ 'content-disposition': contentDisposition({ fileName }), 'content-length': pdf.bytes })
      return reply.type('application/pdf').send(pdf.stream)
    },
  )
}
