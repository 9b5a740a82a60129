import { Type } from 'typebox'
import { related } from '../../platform/http/policy.ts'
import { defineSocketRequest, type Realtime } from '../../platform/realtime/contract.ts'
import { limitMessages, messagesPerMinute } from './limit-messages.ts'
import { markRead } from './mark-read.ts'
import { presentMessage } from './present.ts'
import { chatPushes, pushMessage, pushRead } from './pushes.ts'
import { Message, ReadMark, SocketMessage, SocketReadMark, SocketTyping } from './schemas.ts'
import { say } from './send-realtime.ts'
import { tellTyping } from './tell-typing.ts'

const policy = related('friends, or teacher and student of one course')

export const chatRealtime: Realtime = {
  requests: [
    defineSocketRequest({
      name: 'chat:send',
      summary: 'Say something to somebody; it is stored when this is acknowledged',
      policy,
      input: SocketMessage,
      reply: Type.Object({ message: Message }),
      limit: { count: messagesPerMinute, seconds: 60 },
      async handle(deps, actor, input, socketId) {
        await limitMessages(deps, actor)
        const message = await say(deps, actor, input)
        const shown = presentMessage(message, { people: [actor.userId, input.to], at: actor.at }, deps.config)
        await pushMessage(deps.sockets, shown, socketId)
        return { message: shown }
      },
    }),
    defineSocketRequest({
      name: 'chat:read',
      summary: 'Have read what somebody said, up to a message',
      policy,
      input: SocketReadMark,
      reply: ReadMark,
      limit: { count: 240, seconds: 60 },
      async handle(deps, actor, { with: otherId, upTo }, socketId) {
        const mark = await deps.transact((tx) => markRead(tx, actor, { otherId, upTo }))
        await pushRead(deps.sockets, { ...mark, by: actor.userId, otherId, readAt: actor.at }, socketId)
        return mark
      },
    }),
    defineSocketRequest({
      name: 'typing',
      summary: 'Be typing to somebody, or no longer; say it again every few seconds while it lasts',
      policy,
      input: SocketTyping,
      reply: Type.Object({}),
      limit: { count: 120, seconds: 60 },
      async handle(deps, actor, input) {
        await tellTyping(deps, actor, input)
        return {}
      },
    }),
  ],
  pushes: chatPushes,
}
