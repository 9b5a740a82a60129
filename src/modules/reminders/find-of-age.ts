import type { Db } from '../../platform/database/database.ts'
import { findDripDays, findDrips } from '../catalogue/index.ts'
import { type EnrollmentMoment, findOfAge } from '../enrollments/index.ts'
import { findActiveSince } from '../learning/index.ts'
import type { Finder } from './find-reminders.ts'
import type { NewReminder } from './queries.ts'
import { dayOf, idleDays, latestOfIdle, latestToOpen, reachedAt } from './rules.ts'

type Aged = EnrollmentMoment & { readonly days: number }

/**
 * Enrollments that are as many days old as one of their lessons takes to open, and those in which nothing was ever done for so long. Not
 * course by course: there are few such numbers of days, and few enrollments that became so old since the last time.
 */
export const findEnrollmentsOfAge: Finder = {
  name: 'of-age',
  async find(db, span, { after, limit }) {
    const days = [...new Set([...idleDays, ...(await findDripDays(db))])].toSorted((a, b) => a - b)
    const page = { after: after as { days: number; at: string; id: string } | null, limit }
    const rows = await findOfAge(db, { ...span, days }, page)
    const last = rows.at(-1)
    return {
      found: [...(await openingsAmong(db, rows)), ...(await unbegunAmong(db, rows))],
      after: last && rows.length === limit ? { days: last.days, at: last.at, id: last.id } : null,
    }
  },
}

async function openingsAmong(db: Db, rows: readonly Aged[]): Promise<NewReminder[]> {
  const asked = rows.map(({ course_id: courseId, days }) => ({ courseId, days }))
  const drips = new Set((await findDrips(db, asked)).map(({ courseId, days }) => `${courseId}/${days}`))
  return rows
    .filter(({ course_id, days }) => drips.has(`${course_id}/${days}`))
    .map((row) => reminderOf(row, { cause: 'opening', latestAt: latestToOpen(reachedAt(row)) }))
}

async function unbegunAmong(db: Db, rows: readonly Aged[]): Promise<NewReminder[]> {
  const aged = rows.filter(({ days }) => idleDays.some((idle) => idle === days))
  const asked = aged.map(({ user_id, course_id, at }) => ({
    userId: user_id,
    courseId: course_id,
    day: dayOf(at),
  }))
  const active = await findActiveSince(db, asked)
  return aged
    .filter(({ user_id, course_id }) => !active.has(`${user_id}/${course_id}`))
    .map((row) => reminderOf(row, { cause: 'inactivity', latestAt: latestOfIdle(reachedAt(row)) }))
}

function reminderOf(row: Aged, about: Pick<NewReminder, 'cause' | 'latestAt'>): NewReminder {
  const { id: subjectId, user_id: userId, course_id: courseId, days: step } = row
  return { userId, courseId, subjectId, step, ...about }
}
