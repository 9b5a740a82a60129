import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const enrollment = Type.Object({ enrollmentId: Id, courseId: Id, userId: Id })

export const enrollmentCreated = defineEvent('enrollment.created', enrollment)
export const enrollmentActivated = defineEvent('enrollment.activated', enrollment)
export const enrollmentCompleted = defineEvent('enrollment.completed', enrollment)
export const enrollmentCancelled = defineEvent('enrollment.cancelled', enrollment)
