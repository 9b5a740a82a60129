import { findEnding } from '../assessments/index.ts'
import type { Finder } from './find-reminders.ts'
import { endingBefore, endingRemindedAt, latestToEnd } from './rules.ts'

/** Attempts whose time ends soon: all of them each time, since there are no more than are being made. */
export const findEndingAttempts: Finder = {
  name: 'ending',
  async find(db, { until }, { after, limit }) {
    const page = { after: after as { at: string; id: string } | null, limit }
    const rows = await findEnding(db, { from: until, until: endingBefore(until) }, page)
    const last = rows.at(-1)
    return {
      found: rows.flatMap((attempt) => {
        const remindedAt = endingRemindedAt(attempt)
        if (remindedAt === null || remindedAt > until) return []
        const { id: subjectId, user_id: userId, course_id: courseId } = attempt
        return [{ userId, courseId, cause: 'deadline', subjectId, step: 0, latestAt: latestToEnd(attempt) }]
      }),
      after: last && rows.length === limit ? { at: last.deadline, id: last.id } : null,
    }
  },
}
