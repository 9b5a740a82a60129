import { Readable } from 'node:stream'
import { wantsCsv } from '../../platform/csv.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { isMomentKey, readMoment } from '../../platform/http/moments.ts'
import { readPage, toPage } from '../../platform/http/pagination.ts'
import { only } from '../../platform/http/policy.ts'
import { responses } from '../../platform/http/schemas.ts'
import { findAudited } from './audit-queries.ts'
import { AuditLog, AuditQuery } from './audit-schemas.ts'
import { auditLines, keyOf, presentAudit } from './list-audit.ts'

export function auditRoutes(app: App, { replica }: Deps): void {
  app.get(
    '/admin/audit',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'listAudit',
        summary: 'Every administrative act and every change of money or role, newest first',
        description:
          'Who did what, when, about whom or what, by which request. `Accept: text/csv` gives all that the filter lets through, as one streamed file without pages.',
        tags: ['Operations'],
        produces: ['application/json', 'text/csv'],
        querystring: AuditQuery,
        response: responses({ 200: AuditLog }),
      },
    },
    async (request, reply) => {
      const { actor, subject, action, from, to } = request.query
      const filter = {
        ...(actor === undefined ? {} : { actor }),
        ...(subject === undefined ? {} : { subject }),
        ...(action === undefined ? {} : { action }),
        ...(from === undefined ? {} : { from: readMoment(from, '/from') }),
        ...(to === undefined ? {} : { to: readMoment(to, '/to') }),
      }
      const { limit, after } = readPage(request.query, isMomentKey)
      reply.header('vary', 'Accept')
      if (wantsCsv(request.headers.accept)) {
        reply.header('content-disposition', 'attachment; filename="audit.csv"')
        reply.type('text/csv; charset=utf-8')
        // Not of the declared shape, which is the page's: it goes out as it is written.
        return reply.send(Readable.from(auditLines(replica, filter)) as never)
      }
      return replica.read(async (db) => {
        const rows = await findAudited(db, filter, { after, limit: limit + 1 })
        const { items, nextCursor } = toPage(rows, limit, keyOf)
        return { items: await presentAudit(db, items), nextCursor }
      })
    },
  )
}
