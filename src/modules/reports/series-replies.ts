import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Cell, csvLine, wantsCsv } from '../../platform/csv.ts'
import type { Db } from '../../platform/database/database.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { type Period, type PeriodQuery, readPeriod } from './rules.ts'
import { findTimezone } from './series-queries.ts'

/** What a request for a series asks for; the time zone of the profile is looked up where it says none. */
export async function periodOf(db: Db, request: FastifyRequest, query: PeriodQuery): Promise<Period> {
  const { userId, at } = actorOf(request)
  const timezone = query.timezone === undefined ? await findTimezone(db, userId) : null
  return readPeriod(query, { timezone, at })
}

/** Answers with a series, as JSON or, to `Accept: text/csv`, a line at a time as CSV. */
export function sendSeries<Body>(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, csv }: { body: Body; csv: { name: string; lines: Iterable<readonly Cell[]> } },
): Body {
  reply.header('vary', 'Accept')
  if (!wantsCsv(request.headers.accept)) return body
  reply.header('content-disposition', `attachment; filename="${csv.name}.csv"`)
  reply.type('text/csv; charset=utf-8')
  // Not of the declared shape: it goes out as it is written.
  return reply.send(Readable.from(linesOf(csv.lines))) as never
}

function* linesOf(lines: Iterable<readonly Cell[]>): Generator<string> {
  for (const cells of lines) yield csvLine(cells)
}
