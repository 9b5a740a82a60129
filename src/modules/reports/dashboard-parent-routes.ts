import { type Static, Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage } from '../../platform/http/pagination.ts'
import { only } from '../../platform/http/policy.ts'
import { Closed, Page, responses } from '../../platform/http/schemas.ts'
import { PersonSummary, presentPerson } from '../accounts/index.ts'
import { presentLearner } from './dashboard-learner-present.ts'
import { learner } from './dashboard-learner-schemas.ts'
import { readParentDashboard } from './read-parent-dashboard.ts'

const Child = Type.Object({ child: PersonSummary, ...learner })
const Children = Page(Child)
const ParentDashboard = Type.Object({
  children: Children.properties.items,
  nextCursor: Children.properties.nextCursor,
})
type ParentDashboard = Static<typeof ParentDashboard>

export function parentDashboardRoutes(app: App, { config, transact }: Deps): void {
  app.get(
    '/dashboard/parent',
    {
      config: { policy: only('parent') },
      schema: {
        operationId: 'readParentDashboard',
        summary: 'Each own child: courses with progress, results, certificates, last activity',
        description:
          'A page of the own children, as `GET /children` has them. Each look at a child is on record.',
        tags: ['Dashboards and analytics'],
        querystring: Closed(pageQuery),
        response: responses({ 200: ParentDashboard }),
      },
    },
    async (request): Promise<ParentDashboard> => {
      const page = readPage(request.query, isIdKey)
      const { items, nextCursor } = await transact((tx) => readParentDashboard(tx, actorOf(request), page))
      return {
        children: items.map((row) => ({
          child: presentPerson(row.person, config),
          ...presentLearner(row, config),
        })),
        nextCursor,
      }
    },
  )
}
