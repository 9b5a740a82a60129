import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { findAddressees } from '../accounts/index.ts'
import { findInstructors, findSchool } from './dashboard-admin-queries.ts'
import { daysAgo, monthStartOf, zoneOf } from './dashboard-rules.ts'

export async function readAdminDashboard(db: Db, { userId, at }: Actor) {
  const [person] = await findAddressees(db, [userId])
  const monthStart = monthStartOf(at, zoneOf(person?.timezone ?? null))
  const school = await findSchool(db, monthStart)
  const instructors = await findInstructors(db, daysAgo(at, 30))
  return { school, instructors, monthStart }
}
