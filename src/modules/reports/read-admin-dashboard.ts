import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { readTogether } from '../../platform/database/read-together.ts'
import { zoneOf } from '../../platform/time-zones.ts'
import { findInstructors, findSchool } from './dashboard-admin-queries.ts'
import { findTimezone } from './dashboard-learner-queries.ts'
import { daysAgo, monthStartOf } from './dashboard-rules.ts'

/** Every admin sees the same school: those who ask at the same moment share one reading of it, whose two statements do not wait for each other. */
export function createAdminDashboard(db: Db) {
  const together = readTogether(async (at: Date, monthStart: Date) => {
    const [school, instructors] = await Promise.all([
      findSchool(db, { from: monthStart, to: at }),
      findInstructors(db, { from: daysAgo(at, 30), to: at }),
    ])
    return { school, instructors }
  })
  return async ({ userId, at }: Actor) => {
    const monthStart = monthStartOf(at, zoneOf(await findTimezone(db, userId)))
    // Counts are kept by quarters of an hour: at any moment of this one they have the same beginnings and the same end.
    const quarter = daysAgo(at, 0)
    return {
      ...(await together(`${monthStart.getTime()} ${quarter.getTime()}`, quarter, monthStart)),
      monthStart,
    }
  }
}
