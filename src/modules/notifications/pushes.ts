import { Type } from 'typebox'
import { Id } from '../../platform/ids.ts'
import { defineSocketPush } from '../../platform/realtime/contract.ts'
import { Notification } from './schemas.ts'

export const notificationPush = defineSocketPush(
  'notification',
  'Something happened that you are told of',
  Notification,
)

export const notificationReadPush = defineSocketPush(
  'notification:read',
  'Notifications were read on one of your devices',
  Type.Object({
    ids: Type.Optional(Type.Array(Id)),
    upTo: Type.Optional({ ...Id, description: 'This one and all before it.' }),
    unread: Type.Integer({ description: 'How many are left.' }),
  }),
)
