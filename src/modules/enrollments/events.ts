import { Type } from 'typebox'
import { type AuditRule, defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const enrollment = Type.Object({ enrollmentId: Id, courseId: Id, userId: Id })
const byAdmin: AuditRule<'enrollmentId' | 'userId'> = {
  when: 'by_admin',
  subject: 'enrollment',
  ids: ['enrollmentId', 'userId'],
}

export const enrollmentCreated = defineEvent('enrollment.created', enrollment, byAdmin)
export const enrollmentActivated = defineEvent('enrollment.activated', enrollment, byAdmin)
export const enrollmentCompleted = defineEvent('enrollment.completed', enrollment)
export const enrollmentCancelled = defineEvent('enrollment.cancelled', enrollment, byAdmin)
