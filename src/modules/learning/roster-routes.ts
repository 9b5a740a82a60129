import { Readable } from 'node:stream'
import { type Static, Type } from 'typebox'
import { csvLine, wantsCsv } from '../../platform/csv.ts'
import type { Db } from '../../platform/database/database.ts'
import type { Replica } from '../../platform/database/replica.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { related } from '../../platform/http/policy.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { Closed, Page, responses, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { type CourseOutline, findOutline, requireOwner } from '../catalogue/index.ts'
import {
  Enrollment,
  EnrollmentStatus,
  findRoster,
  presentEnrollment,
  type RosterFilter,
  type RosterRow,
} from '../enrollments/index.ts'
import { type FactsRow, findFacts } from './fact-queries.ts'
import { summaryFrom } from './rules.ts'

const RosterEntry = Type.Object({
  ...Enrollment.properties,
  person: Type.Object({ id: Id, name: Type.String(), email: Type.String() }),
  sources: Type.Array(Type.String(), {
    description: 'What the access rests on: free, purchase, grant, import.',
    examples: [['purchase']],
  }),
  progress: Type.Object({
    completedLessons: Type.Integer(),
    totalLessons: Type.Integer(),
    percent: Type.Integer({ description: 'Rounded down; 100 only when complete.' }),
  }),
  lastActivityAt: Type.Optional({
    ...Time,
    description: 'When a lesson was last begun or completed, or the exam passed.',
  }),
})
type RosterEntry = Static<typeof RosterEntry>

const csvAtOnce = 1_000

/** Here and not among the enrollments, since it shows progress, which they know nothing of. */
export function rosterRoutes(app: App, { db, replica }: Deps): void {
  app.get(
    '/courses/:id/enrollments',
    {
      config: { policy: related('owner', 'instructor', 'admin') },
      schema: {
        operationId: 'listRoster',
        summary: 'Who is in a course, newest first, with their progress',
        description: 'With `Accept: text/csv` all who fit, as CSV, whatever `limit` and `cursor`.',
        tags: ['Enrolment and payment'],
        params: Closed({ id: Id }),
        querystring: Closed({
          ...pageQuery,
          status: Type.Optional(EnrollmentStatus),
          q: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 200,
              description: 'How a word of the name or the e-mail address begins.',
            }),
          ),
        }),
        produces: ['application/json', 'text/csv'],
        response: responses({ 200: Page(RosterEntry) }, forbidden, notFound),
      },
    },
    async (request, reply) => {
      const { limit, after } = readPage(request.query, isIdKey)
      const { status, q } = request.query
      const course = requireOwner(actorOf(request), await findOutline(db, { courseId: request.params.id }))
      const filter = {
        courseId: course.id,
        ...(status === undefined ? {} : { status }),
        ...(q === undefined ? {} : { q }),
      }
      reply.header('vary', 'Accept')
      if (wantsCsv(request.headers.accept)) {
        reply.header('content-disposition', `attachment; filename="roster-${course.slug}.csv"`)
        reply.type('text/csv; charset=utf-8')
        // Not of the declared shape, which is the page's: it goes out as it is written.
        return reply.send(Readable.from(writeCsv(replica, course, filter)) as never)
      }
      const rows = await findRoster(db, filter, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: await withProgress(db, course, items), nextCursor }
    },
  )
}

async function withProgress(
  db: Db,
  course: CourseOutline,
  rows: readonly RosterRow[],
): Promise<RosterEntry[]> {
  const totalLessons = course.sections.reduce((sum, { lessons }) => sum + lessons.length, 0)
  const facts = await findFacts(db, rows)
  return rows.map((row) => ({
    ...presentEnrollment(row, course),
    person: row.person,
    sources: [...row.sources],
    progress: summaryFrom({
      completedLessons: facts.get(row.id)?.completed_lessons ?? 0,
      totalLessons,
      examMissing: facts.get(row.id)?.exam_missing ?? false,
    }),
    ...lastActivityOf(facts.get(row.id)),
  }))
}

function lastActivityOf(facts: FactsRow | undefined): { lastActivityAt?: Date } {
  return facts?.last_activity_at ? { lastActivityAt: facts.last_activity_at } : {}
}

async function* writeCsv(
  replica: Replica,
  course: CourseOutline,
  filter: RosterFilter,
): AsyncGenerator<string> {
  const dates = ['enrolledAt', 'activatedAt', 'completedAt', 'cancelledAt']
  yield csvLine(['name', 'email', 'status', 'sources', 'percent', ...dates, 'userId', 'enrollmentId'])
  for (let after: string | null = null; ; ) {
    const entries: RosterEntry[] = await replica.read(async (db) =>
      withProgress(db, course, await findRoster(db, filter, { after, limit: csvAtOnce })),
    )
    yield entries.map(csvOf).join('')
    if (entries.length < csvAtOnce) return
    after = entries.at(-1)?.id ?? null
  }
}

function csvOf(entry: RosterEntry): string {
  const { person, status, sources, progress, createdAt, activatedAt, completedAt, cancelledAt } = entry
  const dates = [createdAt, activatedAt ?? null, completedAt ?? null, cancelledAt ?? null]
  const { percent } = progress
  return csvLine([
    person.name,
    person.email,
    status,
    sources.join(' '),
    percent,
    ...dates,
    person.id,
    entry.id,
  ])
}
