import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { shownZone, zoneOf } from '../../platform/time-zones.ts'
import { findLearner, type LearnerRow } from './dashboard-learner-queries.ts'
import { findStreak, type Streak } from './dashboard-streak-queries.ts'

export async function readStudentDashboard(
  db: Db,
  { userId, at }: Actor,
): Promise<{ row: LearnerRow; streak: Streak & { timezone: string } }> {
  const row = await findLearner(db, userId, at)
  const streak = await findStreak(db, { userId, zone: zoneOf(row.timezone), at })
  return { row, streak: { ...streak, timezone: shownZone(row.timezone) } }
}
