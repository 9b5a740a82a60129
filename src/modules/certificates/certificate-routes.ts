import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, type PageRequest, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { only, related, signedIn } from '../../platform/http/policy.ts'
import { badField, forbidden, notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { findCourseFacts, requireMay } from '../catalogue/index.ts'
import { courseIncomplete, notEnrolled } from '../learning/index.ts'
import { generateCertificate } from './generate-certificate.ts'
import { presentCertificate } from './present.ts'
import { type CertificateFilter, findCertificates } from './queries.ts'
import { revokeCertificate } from './revoke-certificate.ts'
import {
  Certificate,
  CertificateList,
  CertificateWish,
  CertificateFilter as FilterQuery,
  Revocation,
} from './schemas.ts'

const tags = ['Learning']

export function certificateRoutes(app: App, { config, db, transact }: Deps): void {
  app.post(
    '/certificates/generate',
    {
      config: { policy: related('enrolled') },
      schema: {
        operationId: 'generateCertificate',
        summary: 'The certificate of a completed course',
        description:
          'It is issued by itself on completion; this is for those who do not want to wait for it.',
        tags,
        body: CertificateWish,
        response: responses(
          { 200: { ...Certificate, description: 'It was issued before.' }, 201: Certificate },
          notEnrolled,
          notFound,
          courseIncomplete,
        ),
      },
    },
    async (request, reply) => {
      const { courseId } = request.body
      const { certificate, made } = await transact((tx) =>
        generateCertificate(tx, actorOf(request), { courseId, config }),
      )
      return reply.code(made ? 201 : 200).send(presentCertificate(certificate, config))
    },
  )

  app.get(
    '/certificates/my',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'listMyCertificates',
        summary: 'Own certificates, newest first; revoked ones, too',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: CertificateList }),
      },
    },
    async (request) => list({ userId: actorOf(request).userId }, readPage(request.query, isIdKey)),
  )

  app.get(
    '/certificates',
    {
      config: { policy: related('owner', 'instructor', 'admin') },
      schema: {
        operationId: 'listCertificates',
        summary: 'The certificates of a course, newest first; for admins also those of a person, or all',
        tags,
        querystring: FilterQuery,
        response: responses({ 200: CertificateList }, forbidden, notFound),
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const { userId, courseId } = request.query
      if (actor.role !== 'admin') {
        if (courseId === undefined) throw badField('/courseId', 'must say which of your courses')
        requireMay(actor, await findCourseFacts(db, courseId), 'read')
      }
      const filter = { ...(userId ? { userId } : {}), ...(courseId ? { courseId } : {}) }
      return list(filter, readPage(request.query, isIdKey))
    },
  )

  async function list(filter: CertificateFilter, { limit, after }: PageRequest<string>) {
    const rows = await findCertificates(db, filter, { after, limit: limit + 1 })
    const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
    return { items: items.map((row) => presentCertificate(row, config)), nextCursor }
  }

  app.post(
    '/certificates/:id/revoke',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'revokeCertificate',
        summary: 'Take a certificate back, for good',
        description: 'Revoked again it stays as it is.',
        tags,
        params: Closed({ id: Id }),
        body: Revocation,
        response: responses({ 200: Certificate }, notFound),
      },
    },
    async (request) => {
      const { id } = request.params
      const reason = request.body?.reason ?? 'revoked_by_admin'
      const revoked = await transact((tx) => revokeCertificate(tx, actorOf(request), { id, reason, config }))
      return presentCertificate(revoked, config)
    },
  )
}
