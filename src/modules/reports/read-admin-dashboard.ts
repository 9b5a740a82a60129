import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { findInstructors, findSchool } from './dashboard-admin-queries.ts'
import { findTimezone } from './dashboard-learner-queries.ts'
import { daysAgo, monthStartOf, zoneOf } from './dashboard-rules.ts'

export async function readAdminDashboard(db: Db, { userId, at }: Actor) {
  const zone = zoneOf(await findTimezone(db, userId))
  const monthStart = monthStartOf(at, zone)
  const school = await findSchool(db, { from: monthStart, to: at })
  const instructors = await findInstructors(db, { from: daysAgo(at, 30), to: at })
  return { school, instructors, monthStart }
}
