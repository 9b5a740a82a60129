import type { Static } from 'typebox'
import type { Cell } from '../../platform/csv.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { only } from '../../platform/http/policy.ts'
import { responses } from '../../platform/http/schemas.ts'
import { findActivity } from './active-queries.ts'
import { presentActivity, presentEnrollmentSeries, presentRevenue } from './present.ts'
import { EnrollmentSeries, RevenueSeries, SeriesQuery, UserActivity } from './schemas.ts'
import { findEnrollmentSeries, findRevenueSeries } from './series-queries.ts'
import { periodOf, sendSeries } from './series-replies.ts'

const config = { policy: only('admin') }
const about = {
  description: 'Each day, week or month of the time zone has its point. With `Accept: text/csv` as CSV.',
  tags: ['Dashboards and analytics'],
  querystring: SeriesQuery,
  produces: ['application/json', 'text/csv'],
}

export function analyticsRoutes(app: App, { db, replica }: Deps): void {
  app.get(
    '/analytics/user-activity',
    {
      config,
      schema: {
        operationId: 'readUserActivity',
        summary: 'How many people were active, and how many came',
        ...about,
        response: responses({ 200: UserActivity }),
      },
    },
    async (request, reply) => {
      const period = await periodOf(db, request, request.query)
      const body = presentActivity(period, await replica.read((near) => findActivity(near, period)))
      return sendSeries(request, reply, {
        body,
        csv: { name: 'user-activity', lines: linesOf(UserActivity, body.series) },
      })
    },
  )

  app.get(
    '/analytics/enrollments',
    {
      config,
      schema: {
        operationId: 'readEnrollmentSeries',
        summary: 'How many enrollments were begun, activated, completed and cancelled',
        ...about,
        response: responses({ 200: EnrollmentSeries }),
      },
    },
    async (request, reply) => {
      const period = await periodOf(db, request, request.query)
      const body = presentEnrollmentSeries(
        period,
        await replica.read((near) => findEnrollmentSeries(near, period)),
      )
      return sendSeries(request, reply, {
        body,
        csv: { name: 'enrollments', lines: linesOf(EnrollmentSeries, body.series) },
      })
    },
  )

  app.get(
    '/analytics/revenue',
    {
      config,
      schema: {
        operationId: 'readRevenueSeries',
        summary: 'What came in each currency, and what went back of it',
        ...about,
        response: responses({ 200: RevenueSeries }),
      },
    },
    async (request, reply) => {
      const period = await periodOf(db, request, request.query)
      const body = presentRevenue(period, await replica.read((near) => findRevenueSeries(near, period)))
      return sendSeries(request, reply, { body, csv: { name: 'revenue', lines: revenueLines(body) } })
    },
  )
}

/** The names of the fields, as the schema has them also where there is no point; then the fields of each point. */
export function* linesOf<Name extends string>(
  { properties }: { properties: { series: { items: { properties: Readonly<Record<Name, unknown>> } } } },
  series: readonly Readonly<Record<NoInfer<Name>, Cell>>[],
): Generator<Cell[]> {
  const names = Object.keys(properties.series.items.properties) as Name[]
  yield names
  for (const point of series) yield names.map((name) => point[name])
}

/** A line for each currency of each point. Money is in minor units, as in the rest of the API. */
function* revenueLines({ series }: Static<typeof RevenueSeries>): Generator<Cell[]> {
  yield ['start', 'currency', 'captured', 'refunded', 'net', 'payments']
  for (const { start, revenue } of series)
    for (const { captured, refunded, net, payments } of revenue)
      yield [start, captured.currency, captured.amount, refunded.amount, net.amount, payments]
}
