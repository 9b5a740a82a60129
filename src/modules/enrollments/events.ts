import { Type } from 'typebox'
import { type AuditRule, defineEvent, defineUnheardEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const enrollment = Type.Object({ enrollmentId: Id, courseId: Id, userId: Id })
const byAdmin: AuditRule<'enrollmentId' | 'userId'> = {
  when: 'by_admin',
  subject: 'enrollment',
  ids: ['enrollmentId', 'userId'],
}

export const enrollmentCreated = defineEvent('enrollment.created', enrollment)
export const enrollmentActivated = defineEvent('enrollment.activated', enrollment, byAdmin)
export const enrollmentCompleted = defineEvent('enrollment.completed', enrollment)
export const enrollmentCancelled = defineEvent('enrollment.cancelled', enrollment, byAdmin)

/** An owner let somebody in by hand, who may have had access before; for the audit log whoever did, as it is worth money. */
export const enrollmentGranted = defineUnheardEvent('enrollment.granted', enrollment, {
  ...byAdmin,
  when: 'always',
})
/** Access ended with it only if nothing else gives it. */
export const grantTakenBack = defineUnheardEvent('enrollment.grant_taken_back', enrollment, {
  ...byAdmin,
  when: 'always',
})
