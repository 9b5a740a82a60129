import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

/** Once for each completion of a lesson; after a reset, it can be completed again. */
export const lessonCompleted = defineEvent(
  'lesson.completed',
  Type.Object({ enrollmentId: Id, courseId: Id, lessonId: Id, userId: Id }),
)
export const progressReset = defineEvent(
  'progress.reset',
  Type.Object({ enrollmentId: Id, courseId: Id, userId: Id }),
)
