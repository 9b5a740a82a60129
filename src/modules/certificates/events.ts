import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const certificate = Type.Object({ certificateId: Id, enrollmentId: Id, courseId: Id, userId: Id })

export const certificateIssued = defineEvent('certificate.issued', certificate)
export const certificateRevokedEvent = defineEvent('certificate.revoked', certificate, {
  when: 'always',
  subject: 'certificate',
  ids: ['certificateId', 'userId'],
})
