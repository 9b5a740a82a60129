import { Readable } from 'node:stream'
import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { signedIn } from '../../platform/http/policy.ts'
import { perAddress } from '../../platform/http/rate-limits.ts'
import { responses, Time } from '../../platform/http/schemas.ts'
import { type Collector, writeArchive } from './export-archive.ts'

/** Written as a stream. */
const Archive = Type.Unsafe<Readable>(
  Type.Object(
    { exportedAt: Time },
    { additionalProperties: true, description: 'Beside the time, a member per part of the program.' },
  ),
)

/** Apart from the module's other routes, since it gathers from every module: `app.ts`, which knows them all, calls it. */
export function exportRoutes(app: App, { db }: Deps, collectors: readonly Collector[]): void {
  app.get(
    '/users/me/export',
    {
      config: { policy: signedIn, ...perAddress(20) },
      schema: {
        operationId: 'exportMe',
        summary: 'All own personal data, as one JSON archive',
        tags: ['Accounts and sessions'],
        response: responses({ 200: Archive }),
      },
    },
    async (request, reply) => {
      const { userId, at } = actorOf(request)
      reply.header(
        'content-disposition',
        `attachment; filename="lectern-${at.toISOString().slice(0, 10)}.json"`,
      )
      reply.header('cache-control', 'no-store')
      reply.type('application/json; charset=utf-8')
      return reply.send(Readable.from(writeArchive(collectors, db, userId, at)))
    },
  )
}
