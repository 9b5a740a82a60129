import type { Tx } from '../../platform/database/database.ts'
import { type Activity, findMissingActivity, insertActivity } from './activity-queries.ts'
import {
  addStudy,
  addToSlot,
  type CountFault,
  type EnrollmentFault,
  findCountFaults,
  findEnrollmentFaults,
} from './fact-queries.ts'

export interface Faults {
  readonly enrollments: readonly EnrollmentFault[]
  readonly counts: readonly CountFault[]
  readonly activity: readonly Activity[]
}

/**
 * Counts again what the facts say, and adds what they lack or have too much. There should never be any: a fault is a bug, or somebody
 * was at the database.
 * @returns what differed, `atOnce` of each kind at most
 */
export async function repairFacts(tx: Tx, atOnce: number): Promise<Faults> {
  const enrollments = await findEnrollmentFaults(tx, atOnce)
  for (const fault of enrollments) await addStudy(tx, fault)
  const counts = await findCountFaults(tx, atOnce)
  for (const { courseId, slot, kept, counted } of counts) {
    await addToSlot(tx, {
      courseId,
      slot,
      lessons: counted.lessons - kept.lessons,
      exams: counted.exams - kept.exams,
      courses: counted.courses - kept.courses,
    })
  }
  const activity = await findMissingActivity(tx, atOnce)
  for (const missing of activity) await insertActivity(tx, missing)
  return { enrollments, counts, activity }
}
