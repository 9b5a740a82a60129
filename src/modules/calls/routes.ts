import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { pageQuery } from '../../platform/http/pagination.ts'
import { signedIn } from '../../platform/http/policy.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { makeIceServers } from './ice-servers.ts'
import { listCalls } from './list-calls.ts'
import { CallList, IceServers } from './schemas.ts'

const tags = ['Calls']

export function callRoutes(app: App, { config, db }: Deps): void {
  app.get(
    '/calls',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'listCalls',
        summary: 'Own calls, newest first, with the one that rings or goes on',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: CallList }),
      },
    },
    (request) => listCalls(db, actorOf(request), { query: request.query, config }),
  )

  app.get(
    '/calls/ice-servers',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'listIceServers',
        summary: 'STUN and TURN servers for a call, with credentials that expire',
        tags,
        response: responses({ 200: IceServers }),
      },
    },
    async (request) => makeIceServers(config.ice, actorOf(request)),
  )
}
