import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { signedIn } from '../../platform/http/policy.ts'
import { responses } from '../../platform/http/schemas.ts'
import { readPresence } from './read-presence.ts'
import { PresenceList, PresenceQuery } from './schemas.ts'

export function presenceRoutes(app: App, deps: Deps): void {
  app.get(
    '/presence',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'readPresence',
        summary:
          'Who of these people is online, and when the others were last seen; whom one may not reach is left out',
        tags: ['People'],
        querystring: PresenceQuery,
        response: responses({ 200: PresenceList }),
      },
    },
    async (request) => ({ people: await readPresence(deps, actorOf(request), request.query.userIds) }),
  )
}
