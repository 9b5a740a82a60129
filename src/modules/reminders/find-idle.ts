import { findActiveOf } from '../enrollments/index.ts'
import { findLastActive } from '../learning/index.ts'
import type { Finder } from './find-reminders.ts'
import { idleDaysIn, latestOfIdle } from './rules.ts'

interface Reached {
  readonly index: number
  readonly place: { userId: string; courseId: string } | null
}

/**
 * Who last did something in a course a week ago, or thirty days: those of that one day, once a day. Who never began is among the
 * enrollments of that age.
 */
export const findIdle: Finder = {
  name: 'idle',
  async find(db, span, { after, limit }) {
    const idle = idleDaysIn(span)
    const { index, place } = (after as Reached | null) ?? { index: 0, place: null }
    const today = idle[index]
    if (!today) return { found: [], after: null }
    const places = await findLastActive(db, today.day, { after: place, limit })
    const enrollments = await findActiveOf(db, places)
    const next: Reached | null = idle[index + 1] ? { index: index + 1, place: null } : null
    return {
      found: enrollments.map(({ id, user_id, course_id }) => ({
        userId: user_id,
        courseId: course_id,
        cause: 'inactivity',
        subjectId: id,
        step: today.days,
        latestAt: latestOfIdle(span.until),
      })),
      after: places.length === limit ? { index, place: places.at(-1) ?? null } : next,
    }
  },
}
