import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { badField } from '../../platform/http/refusal.ts'
import { findPeopleByEmail, holdAccount } from '../accounts/index.ts'
import { type CourseFactsRow, holdCourse, requireMay, requireTakingIn } from '../catalogue/index.ts'
import { entitle } from './entitlements.ts'
import { enrollmentGranted } from './events.ts'
import { type EnrollmentRow, lockLiveEnrollment } from './queries.ts'
import type { NewGrant } from './schemas.ts'
import { startEnrollment } from './start-enrollment.ts'

export interface Granted {
  readonly enrollment: EnrollmentRow
  readonly course: CourseFactsRow
  /** False where there was a live enrollment before; the grant is then one more entitlement to it. */
  readonly begun: boolean
}

/** An owner lets a person into a course, whatever it costs. */
export async function grantEnrollment(
  tx: Tx,
  actor: Actor,
  wish: NewGrant & { courseId: string },
): Promise<Granted> {
  const { courseId } = wish
  const course = requireMay(actor, await holdCourse(tx, courseId), 'admit')
  requireTakingIn(course)
  const userId = await requirePerson(tx, wish)
  for (;;) {
    const grant = { source: 'grant', reason: 'granted' } as const
    const begun = await startEnrollment(tx, actor, { ...grant, courseId, userId })
    if (begun) {
      await publish(tx, enrollmentGranted, { enrollmentId: begun.id, courseId, userId }, actor)
      return { enrollment: begun, course, begun: true }
    }
    const live = await lockLiveEnrollment(tx, { userId, courseId })
    if (live) {
      const { enrollment } = await entitle(tx, actor, { ...grant, reference: null, enrollment: live })
      await publish(tx, enrollmentGranted, { enrollmentId: enrollment.id, courseId, userId }, actor)
      return { enrollment, course, begun: false }
    }
    // It was cancelled between the two statements: the place is free again.
  }
}

/** Held, so that who is being deleted is nobody, or loses the access with the account. */
async function requirePerson(tx: Tx, { userId, email }: NewGrant): Promise<string> {
  if (userId !== undefined && email !== undefined) throw badField('/email', 'cannot be said beside userId')
  if (userId !== undefined) {
    if (!(await holdAccount(tx, userId))) throw badField('/userId', 'is nobody here')
    return userId
  }
  if (email === undefined) throw badField('/userId', 'is required, or email')
  const asked = email.trim()
  const found = (await findPeopleByEmail(tx, [asked])).get(asked)
  if (found === undefined || !(await holdAccount(tx, found)))
    throw badField('/email', 'is nobody here: they register first')
  return found
}
