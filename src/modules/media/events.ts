import { Type } from 'typebox'
import { defineUnheardEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const media = Type.Object({ mediaId: Id, userId: Id })

/** The whole file has come and is kept. */
export const mediaUploaded = defineUnheardEvent('media.uploaded', media)
export const mediaDeleted = defineUnheardEvent('media.deleted', media, {
  when: 'by_admin',
  subject: 'media',
  ids: ['mediaId', 'userId'],
})
