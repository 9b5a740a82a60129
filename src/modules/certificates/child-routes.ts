import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { related } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { requireChild } from '../guardians/index.ts'
import { presentCertificate } from './present.ts'
import { findCertificates } from './queries.ts'
import { CertificateList } from './schemas.ts'

export function childCertificateRoutes(app: App, { config, db, transact }: Deps): void {
  app.get(
    '/children/:childId/certificates',
    {
      config: { policy: related('parent of that child', 'parent') },
      schema: {
        operationId: 'listCertificatesOfChild',
        summary: 'The certificates of an own child, newest first',
        tags: ['Guardians'],
        params: Closed({ childId: Id }),
        querystring: Closed(pageQuery),
        response: responses({ 200: CertificateList }, notFound),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isIdKey)
      const { childId } = request.params
      await transact((tx) => requireChild(tx, actorOf(request), { childId, what: 'certificates' }))
      const rows = await findCertificates(db, { userId: childId }, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: items.map((row) => presentCertificate(row, config)), nextCursor }
    },
  )
}
