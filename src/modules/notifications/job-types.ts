import { Type } from 'typebox'
import { Id } from '../../platform/ids.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'

export const pushNotifications = defineJob(
  'notifications.push',
  Type.Object({ notificationIds: Type.Array(Id) }),
)
export const mailNotification = defineJob('notifications.mail', Type.Object({ notificationId: Id }))
export const gatherDigests = defineJob('notifications.gather-digests', Type.Object({}))
export const mailDigest = defineJob('notifications.mail-digest', Type.Object({ digestId: Id, userId: Id }))
export const announce = defineJob('notifications.announce', Type.Object({ announcementId: Id }))
export const tellNews = defineJob('notifications.tell-news', Type.Object({ courseId: Id }))
/** Its payload is of ids: the fact is the event's. */
export const tellWaiting = defineJob(
  'notifications.tell-waiting',
  Type.Object({ factId: Id, conversationId: Id, messageId: Id, fromId: Id, toId: Id }),
)
export const pushRead = defineJob(
  'notifications.push-read',
  Type.Object({ userId: Id, notificationIds: Type.Array(Id) }),
)
export const forgetPerson = defineJob('notifications.forget-person', Type.Object({ userId: Id }))
export const cleanUp = defineJob('notifications.clean-up', Type.Object({}))
