import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publishAll } from '../../platform/events/events.ts'
import { holdPeopleByEmail } from '../accounts/index.ts'
import { holdCourse, requireMay, requireTakingIn } from '../catalogue/index.ts'
import { enrollmentActivated, enrollmentCreated } from './events.ts'
import { entitleImported, type ImportedRow, insertImported } from './import-queries.ts'
import type { ImportLine } from './import-rules.ts'
import type { ImportOutcome } from './schemas.ts'

/** Enrolls the people of some lines, in a number of statements that does not grow with theirs. */
export async function importLines(
  tx: Tx,
  actor: Actor,
  { courseId, lines }: { courseId: string; lines: readonly ImportLine[] },
): Promise<ImportOutcome[]> {
  const course = requireMay(actor, await holdCourse(tx, courseId), 'admit')
  requireTakingIn(course)
  const emails = lines.flatMap(({ email, fault }) => (fault === null ? [email] : []))
  const people = await holdPeopleByEmail(tx, [...new Set(emails)])
  const enrolled = await enrollPeople(tx, actor, { courseId, userIds: [...new Set(people.values())] })
  return lines.map(({ line, email, fault }) => {
    if (fault !== null) return { line, email, outcome: 'invalid', message: fault }
    const userId = people.get(email)
    if (userId === undefined)
      return { line, email, outcome: 'unknown_person', message: 'Nobody has registered with this address.' }
    // The second line about a person finds them enrolled by the first.
    return { line, email, outcome: enrolled.delete(userId) ? 'enrolled' : 'already_enrolled' }
  })
}

/** @returns those who were not enrolled before */
async function enrollPeople(
  tx: Tx,
  actor: Actor,
  who: { courseId: string; userIds: string[] },
): Promise<Set<string>> {
  const { courseId, userIds } = who
  const rows: ImportedRow[] = []
  let left = userIds
  while (left.length > 0) {
    rows.push(...(await insertImported(tx, { courseId, userIds: left }, actor)))
    left = without(userIds, rows)
    if (left.length > 0) rows.push(...(await entitleImported(tx, { courseId, userIds: left }, actor)))
    // Whoever is left gave up between the two statements: their place is free again.
    left = without(userIds, rows)
  }
  const factOf = ({ id, user_id }: ImportedRow) => ({ enrollmentId: id, courseId, userId: user_id })
  const created = rows.filter(({ change }) => change === 'created')
  const enrolled = rows.filter(({ change }) => change !== 'there')
  await publishAll(tx, enrollmentCreated, created.map(factOf), actor)
  await publishAll(tx, enrollmentActivated, enrolled.map(factOf), actor)
  return new Set(enrolled.map((row) => row.user_id))
}

function without(userIds: readonly string[], rows: readonly ImportedRow[]): string[] {
  const done = new Set(rows.map((row) => row.user_id))
  return userIds.filter((userId) => !done.has(userId))
}
