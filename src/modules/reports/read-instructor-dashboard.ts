import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { zoneOf } from '../../platform/time-zones.ts'
import { findTeaching } from './dashboard-instructor-queries.ts'
import { findTimezone } from './dashboard-learner-queries.ts'
import { daysAgo, monthStartOf } from './dashboard-rules.ts'

/** What the courses of an instructor come to, all together and, a page of them, each. Assistants see it as leads do. */
export async function readInstructorDashboard(
  db: Db,
  { userId, at }: Actor,
  page: { after: string | null; limit: number },
) {
  const zone = zoneOf(await findTimezone(db, userId))
  const since = {
    week: daysAgo(at, 7),
    month: daysAgo(at, 30),
    at,
    monthStart: monthStartOf(at, zone),
  }
  return { teaching: await findTeaching(db, userId, since, page), monthStart: since.monthStart }
}
