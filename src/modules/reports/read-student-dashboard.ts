import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { findLearners, type LearnerRow } from './dashboard-learner-queries.ts'
import { zoneOf } from './dashboard-rules.ts'
import { findStreak, type Streak } from './dashboard-streak-queries.ts'

export async function readStudentDashboard(
  db: Db,
  { userId, at }: Actor,
): Promise<{ row: LearnerRow; streak: Streak & { timezone: string } }> {
  const [row] = await findLearners(db, [userId], at)
  if (!row) throw refuse(unauthenticated)
  const zone = zoneOf(row.timezone)
  return { row, streak: { ...(await findStreak(db, { userId, zone, at })), timezone: zone } }
}
