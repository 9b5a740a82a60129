import { Readable } from 'node:stream'
import type { Actor } from '../../platform/actor.ts'
import { readTextLines, type TextLine, wantsCsv } from '../../platform/csv.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { related } from '../../platform/http/policy.ts'
import { perPerson } from '../../platform/http/rate-limits.ts'
import {
  forbidden,
  notFound,
  refuse,
  tooLarge,
  unsupportedMedia,
  validationFailed,
} from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import {
  courseClosed,
  courseHidden,
  findCourseFacts,
  requireMay,
  requireTakingIn,
} from '../catalogue/index.ts'
import { importLines } from './import-lines.ts'
import { csvReport, jsonReport } from './import-report.ts'
import { emailColumn, type ImportLine, importLine, mostLineCharacters } from './import-rules.ts'
import { type ImportOutcome, ImportReport } from './schemas.ts'
import { spool } from './spool.ts'

const mostBytes = 20 * 1024 * 1024
const atOnce = 500

/** In a child of its own, where the one kind of body is a stream of CSV. */
export async function importRoutes(app: App, deps: Deps): Promise<void> {
  await app.register(async (child: App) => {
    child.removeAllContentTypeParsers()
    child.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload))
    importRoute(child, deps)
  })
}

function importRoute(app: App, { db, transact }: Deps): void {
  app.post(
    '/courses/:id/enrollments/import',
    {
      config: {
        policy: related('owner', 'instructor', 'admin'),
        // The report tells whether an address has an account here: not to be asked about the world.
        ...perPerson(30, 3_600),
        documentedBody: { type: 'string', examples: ['email,name\nasha@example.org,Asha Rao\n'] },
      },
      schema: {
        operationId: 'importEnrollments',
        summary: 'Let many people into a course, by CSV',
        description:
          'UTF-8 with a header line that names a column `email`; other columns, such as `name`, are of no interest. A person is a line; to 20 MB. Sent again, it changes nothing. 30 an hour. `Accept: text/csv` gives the rows as CSV.',
        tags: ['Enrolment and payment'],
        consumes: ['text/csv'],
        produces: ['application/json', 'text/csv'],
        params: Closed({ id: Id }),
        response: responses(
          { 200: ImportReport },
          validationFailed,
          forbidden,
          notFound,
          courseClosed,
          courseHidden,
          tooLarge,
          unsupportedMedia,
        ),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const courseId = request.params.id
      const course = requireMay(actor, await findCourseFacts(db, courseId), 'admit')
      requireTakingIn(course)
      if (!(request.body instanceof Readable)) throw refuse(unsupportedMedia, 'Send text/csv.')
      if (Number(request.headers['content-length'] ?? 0) > mostBytes)
        throw refuse(tooLarge, `The file is longer than ${mostBytes} bytes.`)
      const file = await spool(request.body, mostBytes)
      reply.raw.once('close', () => void file.close())
      const lines = readTextLines(file.read(), mostLineCharacters)
      const column = await readHeader(lines)
      const outcomes = run(lines, { column, actor, courseId })
      const asCsv = wantsCsv(request.headers.accept)
      reply.type(asCsv ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8')
      reply.header('cache-control', 'no-store')
      return reply.send(Readable.from(asCsv ? csvReport(outcomes) : jsonReport(outcomes)))
    },
  )

  async function* run(
    lines: AsyncIterable<TextLine>,
    context: { column: number; actor: Actor; courseId: string },
  ): AsyncGenerator<ImportOutcome[]> {
    const { column, actor, courseId } = context
    let batch: ImportLine[] = []
    for await (const text of lines) {
      const line = importLine(text, column)
      if (line) batch.push(line)
      if (batch.length < atOnce) continue
      const lines = batch
      batch = []
      yield await transact((tx) => importLines(tx, actor, { courseId, lines }))
    }
    if (batch.length > 0) yield await transact((tx) => importLines(tx, actor, { courseId, lines: batch }))
  }
}

/** Which column the addresses are in, by the first line that is not empty. */
async function readHeader(lines: AsyncGenerator<TextLine>): Promise<number> {
  for (;;) {
    const { value: line, done } = await lines.next()
    if (done) throw unreadable(1, 'must name the columns, "email" among them')
    if (line.text?.trim() === '') continue
    const found = emailColumn(line)
    if ('fault' in found) throw unreadable(line.number, found.fault)
    return found.column
  }
}

function unreadable(line: number, message: string) {
  const errors = [{ path: `/lines/${line}`, message }]
  return refuse(validationFailed, `Line ${line} ${message}.`, { errors })
}
