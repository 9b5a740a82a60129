import type { Deps } from '../../platform/deps.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { actorFor, makeCourse } from '../catalogue/factory.ts'
import { cancelEnrollment } from './cancel-enrollment.ts'
import { completeEnrollment } from './complete-enrollment.ts'
import { enroll } from './enroll.ts'
import { addEntitlement } from './entitlements.ts'

export interface MadeEnrollment {
  readonly id: string
  readonly courseId: string
  readonly student: Person
}

/** For tests: a person's enrollment in a course, active unless asked otherwise. A paid course counts as paid. */
export async function makeEnrollment(
  deps: Deps,
  wish: {
    student?: Person
    courseId?: string
    status?: 'pending' | 'active' | 'completed' | 'cancelled'
  } = {},
): Promise<MadeEnrollment> {
  const { status = 'active' } = wish
  const student = wish.student ?? (await makePerson(deps))
  const price = status === 'pending' ? { amount: 49_900, currency: 'INR' } : null
  const courseId = wish.courseId ?? (await makeCourse(deps, { price })).id
  const actor = actorFor(student, deps)
  return deps.transact(async (tx) => {
    const { enrollment } = await enroll(tx, actor, courseId)
    const enrollmentId = enrollment.id
    if (enrollment.status === 'pending' && (status === 'active' || status === 'completed'))
      await addEntitlement(tx, actor, {
        enrollmentId,
        source: 'purchase',
        reference: newId(),
        reason: 'paid',
      })
    if (status === 'completed') await completeEnrollment(tx, actor, { enrollmentId, reason: 'test' })
    if (status === 'cancelled') await cancelEnrollment(tx, actor, enrollmentId)
    return { id: enrollmentId, courseId, student }
  })
}
