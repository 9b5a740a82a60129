import type { Static } from 'typebox'
import type { Tx } from '../../platform/database/database.ts'
import type { Fact } from '../../platform/events/events.ts'
import { findCourseTitles } from '../catalogue/index.ts'
import { type enrollmentActivated, findEnrollment } from '../enrollments/index.ts'
import { tellPeople } from './tell-people.ts'
import { courseWords } from './words.ts'

type EnrollmentFact = Fact<Static<typeof enrollmentActivated.payload>>

export async function tellEnrolled(tx: Tx, fact: EnrollmentFact): Promise<void> {
  await tellOf(tx, fact, 'enrolled')
}

/** Who never had access was told to pay, and did not. */
export async function tellEnrollmentEnded(tx: Tx, fact: EnrollmentFact): Promise<void> {
  const enrollment = await findEnrollment(tx, fact.payload.enrollmentId)
  const expired = enrollment?.activated_at === null && fact.userId === null
  await tellOf(tx, fact, expired ? 'notPaidInTime' : 'enrollmentEnded')
}

async function tellOf(
  tx: Tx,
  fact: EnrollmentFact,
  about: 'enrolled' | 'enrollmentEnded' | 'notPaidInTime',
): Promise<void> {
  const { userId, ...ids } = fact.payload
  const [course] = await findCourseTitles(tx, [ids.courseId])
  if (!course) return
  const data = { event: fact.type, ...ids }
  const notice = { factId: fact.id, kind: 'enrollment' as const, data, ...courseWords(about, course.title) }
  await tellPeople(tx, fact, { notice, userIds: [userId] })
}
