import { Readable } from 'node:stream'
import type { Actor } from '../../platform/actor.ts'
import { readTextLines, type TextLine, wantsCsv } from '../../platform/csv.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { idempotencyMismatch, transactOnce } from '../../platform/http/idempotency.ts'
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
import { IdempotencyHeader, type ImportOutcome, ImportReport } from './schemas.ts'
import { spool } from './spool.ts'

const mostBytes = 20 * 1024 * 1024
const atOnce = 500
// One transaction, and one answer that is kept.
const mostRepeatable = { bytes: 1024 * 1024, lines: 10_000 }

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
          'UTF-8 with a header line that names a column `email`; other columns, such as `name`, are of no interest. A person is a line; to 20 MB. Sent again, it changes nothing. With an `Idempotency-Key` it is done in whole or not at all, and sent again answered as the first time: to 1 MB and 10,000 people. 30 an hour. `Accept: text/csv` gives the rows as CSV.',
        tags: ['Enrolment and payment'],
        consumes: ['text/csv'],
        produces: ['application/json', 'text/csv'],
        params: Closed({ id: Id }),
        headers: IdempotencyHeader,
        response: responses(
          { 200: ImportReport },
          validationFailed,
          forbidden,
          notFound,
          courseClosed,
          courseHidden,
          idempotencyMismatch,
          tooLarge,
          unsupportedMedia,
        ),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const courseId = request.params.id
      const course = requireMay(actor, await findCourseFacts(db, courseId), 'admit')
      const isRepeatable = request.headers['idempotency-key'] !== undefined
      // A repetition gets the first answer, whatever became of the course.
      if (!isRepeatable) requireTakingIn(course)
      if (!(request.body instanceof Readable)) throw refuse(unsupportedMedia, 'Send text/csv.')
      const most = isRepeatable ? mostRepeatable.bytes : mostBytes
      if (Number(request.headers['content-length'] ?? 0) > most)
        throw refuse(tooLarge, `The file is longer than ${most} bytes.`)
      const file = await spool(request.body, most)
      reply.raw.once('close', () => void file.close())
      const lines = readTextLines(file.read(), mostLineCharacters)
      const column = await readHeader(lines)
      const { method, url, headers } = request
      const once = async (people: readonly ImportLine[]) => {
        const said = { method, url, headers, body: file.digest }
        return transactOnce(transact, actor, said, reply, async (tx) => ({
          status: 200,
          body: await importLines(tx, actor, { courseId, lines: people }),
        }))
      }
      const outcomes = isRepeatable
        ? [await once(await readAll(lines, column))]
        : run(lines, { column, actor, courseId })
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

/** @throws Refusal 413 where there are more than one transaction may hold up others with */
async function readAll(lines: AsyncIterable<TextLine>, column: number): Promise<ImportLine[]> {
  const people: ImportLine[] = []
  for await (const text of lines) {
    const line = importLine(text, column)
    if (line) people.push(line)
    if (people.length > mostRepeatable.lines)
      throw refuse(tooLarge, `With an Idempotency-Key a file may name ${mostRepeatable.lines} people.`)
  }
  return people
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
