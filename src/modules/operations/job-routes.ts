import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { only } from '../../platform/http/policy.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed, Page, responses } from '../../platform/http/schemas.ts'
import type { JobHandler, Schedule } from '../../platform/jobs/jobs.ts'
import { backupNotConfigured, jobRunning } from './errors.ts'
import { isJobKey, jobKinds, keyOfKind, listJobs } from './list-jobs.ts'
import { runSchedule } from './run-schedule.ts'
import { JobKind, QueuedRun } from './schemas.ts'

const tags = ['Operations']

/** @param work all that workers do, of all modules */
export function jobRoutes(
  app: App,
  { db, transact, clock, config }: Deps,
  work: { handlers: readonly JobHandler[]; schedules: readonly Schedule[] },
): void {
  const schedules = work.schedules.filter(({ refusal }) => !refusal?.(config))
  const kinds = jobKinds({ ...work, schedules })

  app.get(
    '/admin/jobs',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'listJobs',
        summary: 'The kinds of background work: schedules first, then what is queued as things happen',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: Page(JobKind) }),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isJobKey)
      const rest = after === null ? kinds : kinds.filter((kind) => keyOfKind(kind) > after)
      const page = toPage(rest.slice(0, limit + 1), limit, keyOfKind)
      return { ...page, items: await listJobs(db, page.items, clock.now()) }
    },
  )

  app.post(
    '/admin/jobs/:name/run',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'runJob',
        summary: 'Run a scheduled job now',
        description:
          'It runs in the background, once, beside its schedule: a run that waits already is the one. What is no schedule wants to know of what it is, and cannot be run so.',
        tags,
        params: Closed({ name: Type.String({ maxLength: 100, examples: ['media.clean-up'] }) }),
        response: responses({ 202: QueuedRun }, jobRunning, notFound, backupNotConfigured),
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const schedule = work.schedules.find(({ job }) => job.name === name)
      if (!schedule) throw refuse(notFound, 'There is no scheduled job of this name.')
      const refusal = schedule.refusal?.(config)
      if (refusal) throw refuse(refusal)
      await transact((tx) => runSchedule(tx, actorOf(request), schedule))
      return reply.code(202).send({ status: 'queued' })
    },
  )
}
