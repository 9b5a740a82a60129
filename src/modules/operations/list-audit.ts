import { csvLine } from '../../platform/csv.ts'
import type { Db } from '../../platform/database/database.ts'
import type { Replica } from '../../platform/database/replica.ts'
import type { MomentKey } from '../../platform/http/moments.ts'
import { findPeople } from '../accounts/index.ts'
import { type AuditFilter, type AuditRow, findAudited } from './audit-queries.ts'
import type { AuditEntry } from './audit-schemas.ts'

const linesAtOnce = 1_000

/** Rows as entries, with the names of those who are still there. */
export async function presentAudit(db: Db, rows: readonly AuditRow[]): Promise<AuditEntry[]> {
  const people = await findPeople(db, [...new Set(rows.flatMap(({ user_id }) => user_id ?? []))])
  const names = new Map(people.map(({ id, name }) => [id, name]))
  return rows.map(({ id, type, user_id, occurred_at, payload, subject_type, subjects, ...row }) => ({
    id,
    at: occurred_at,
    action: type,
    actor: user_id === null ? null : { id: user_id, role: row.actor_role, name: names.get(user_id) ?? null },
    subject: { type: subject_type ?? '', id: subjects[0] ?? null },
    concerns: subjects.slice(1),
    details: payload,
    requestId: row.request_id,
    address: row.address,
  }))
}

/** The whole of what a filter lets through as CSV, of which a part is in memory. */
export async function* auditLines(replica: Replica, filter: AuditFilter): AsyncGenerator<string> {
  yield csvLine(
    ['id', 'at', 'action', 'actorId', 'actorRole', 'actorName', 'subjectType', 'subjectId'].concat(rest),
  )
  for (let after: MomentKey | null = null; ; ) {
    const page = { after, limit: linesAtOnce }
    const { lines, next }: { lines: string; next: MomentKey | null } = await replica.read(async (db) => {
      const rows = await findAudited(db, filter, page)
      const last = rows.length < linesAtOnce ? undefined : rows.at(-1)
      return { lines: (await presentAudit(db, rows)).map(lineOf).join(''), next: last ? keyOf(last) : null }
    })
    yield lines
    if (!next) return
    after = next
  }
}

const rest = ['concerns', 'details', 'requestId', 'address']

function lineOf({
  id,
  at,
  action,
  actor,
  subject,
  concerns,
  details,
  requestId,
  address,
}: AuditEntry): string {
  const who = [actor?.id ?? null, actor?.role ?? null, actor?.name ?? null]
  const what = [subject.type, subject.id, concerns.join(' '), JSON.stringify(details)]
  return csvLine([id, at, action, ...who, ...what, requestId, address])
}

export function keyOf(row: AuditRow): MomentKey {
  return { at: row.occurred_at.toISOString(), id: row.id }
}
