import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const media = Type.Object({ mediaId: Id, userId: Id })

/** The whole file has come and is kept. */
export const mediaUploaded = defineEvent('media.uploaded', media)
export const mediaDeleted = defineEvent('media.deleted', media, {
  when: 'by_admin',
  subject: 'media',
  ids: ['mediaId', 'userId'],
})
