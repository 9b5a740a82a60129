import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

export const progressReset = defineEvent(
  'progress.reset',
  Type.Object({ enrollmentId: Id, courseId: Id, userId: Id }),
)
