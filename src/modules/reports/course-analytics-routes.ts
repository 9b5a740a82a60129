import type { Static } from 'typebox'
import type { Cell } from '../../platform/csv.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { related } from '../../platform/http/policy.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { findCourseFacts, requireMay } from '../catalogue/index.ts'
import { linesOf } from './analytics-routes.ts'
import { presentEngagement, presentQuizzes } from './present.ts'
import { EngagementSeries, QuizSeries, SeriesQuery } from './schemas.ts'
import { findAttemptSeries, findEngagementSeries } from './series-queries.ts'
import { periodOf, sendSeries } from './series-replies.ts'

const config = { policy: related('owner', 'instructor', 'admin') }
const about = {
  description: 'Each day, week or month of the time zone has its point. With `Accept: text/csv` as CSV.',
  tags: ['Dashboards and analytics'],
  params: Closed({ id: Id }),
  querystring: SeriesQuery,
  produces: ['application/json', 'text/csv'],
}

export function courseAnalyticsRoutes(app: App, { db, replica }: Deps): void {
  app.get(
    '/analytics/courses/:id/engagement',
    {
      config,
      schema: {
        operationId: 'readEngagement',
        summary: 'Who is active in a course, and what they complete',
        ...about,
        response: responses({ 200: EngagementSeries }, forbidden, notFound),
      },
    },
    async (request, reply) => {
      const { slug, id } = requireMay(actorOf(request), await findCourseFacts(db, request.params.id), 'read')
      const period = await periodOf(db, request, request.query)
      const body = presentEngagement(
        period,
        await replica.read((near) => findEngagementSeries(near, id, period)),
      )
      const csv = { name: `engagement-${slug}`, lines: linesOf(EngagementSeries, body.series) }
      return sendSeries(request, reply, { body, csv })
    },
  )

  app.get(
    '/analytics/courses/:id/quizzes',
    {
      config,
      schema: {
        operationId: 'readQuizSeries',
        summary: 'How attempts at the quizzes of a course go, in all and for each quiz',
        ...about,
        response: responses({ 200: QuizSeries }, forbidden, notFound),
      },
    },
    async (request, reply) => {
      const { slug, id } = requireMay(actorOf(request), await findCourseFacts(db, request.params.id), 'read')
      const period = await periodOf(db, request, request.query)
      const body = presentQuizzes(period, await replica.read((near) => findAttemptSeries(near, id, period)))
      return sendSeries(request, reply, { body, csv: { name: `quizzes-${slug}`, lines: quizLines(body) } })
    },
  )
}

/** A line for each interval of all quizzes together, then the lines of each quiz. */
function* quizLines({ series, quizzes }: Static<typeof QuizSeries>): Generator<Cell[]> {
  yield ['start', 'quizId', 'title', 'attempts', 'averageScorePercent', 'passRatePercent']
  for (const { quizId, title, series: points } of [{ quizId: null, title: null, series }, ...quizzes])
    for (const { start, attempts, averageScorePercent, passRatePercent } of points)
      yield [start, quizId, title, attempts, averageScorePercent, passRatePercent]
}
