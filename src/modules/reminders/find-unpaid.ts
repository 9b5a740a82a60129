import { findPendingSince } from '../enrollments/index.ts'
import type { Finder } from './find-reminders.ts'
import { latestToPay, unpaidMs } from './rules.ts'

const earlier = (at: Date) => new Date(at.getTime() - unpaidMs)

/** Enrollments that have waited for their payment for some hours. */
export const findUnpaid: Finder = {
  name: 'unpaid',
  async find(db, { from, until }, { after, limit }) {
    const page = { after: after as { at: string; id: string } | null, limit }
    const rows = await findPendingSince(db, { from: earlier(from), until: earlier(until) }, page)
    const last = rows.at(-1)
    return {
      found: rows.map(({ id, user_id: userId, course_id: courseId, at }) => ({
        userId,
        courseId,
        cause: 'payment',
        subjectId: id,
        step: 0,
        latestAt: latestToPay(at),
      })),
      after: last && rows.length === limit ? { at: last.at, id: last.id } : null,
    }
  },
}
