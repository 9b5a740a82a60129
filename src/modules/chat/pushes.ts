import { Type } from 'typebox'
import { Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { defineSocketPush } from '../../platform/realtime/contract.ts'
import type { Sockets } from '../../platform/realtime/sockets.ts'
import type { ReadMarkMoved } from './mark-read.ts'
import { Message } from './schemas.ts'

const messagePush = defineSocketPush('chat:message', 'A message, to or by oneself.', Message)
const readPush = defineSocketPush(
  'chat:read',
  'The other one has read, or one has read on another device.',
  Type.Object({
    with: { ...Id, description: 'The other one of the conversation.' },
    by: { ...Id, description: 'Who has read.' },
    upTo: Type.Integer(),
    readAt: Time,
  }),
)
export const typingPush = defineSocketPush(
  'typing',
  'Somebody is typing, or no longer. What is not said again within some seconds is over.',
  Type.Object({ from: Id, typing: Type.Boolean() }),
)

export const chatPushes = [messagePush, readPush, typingPush]

/** To the devices of both, but the one it came from. */
export function pushMessage(sockets: Sockets, message: Message, except?: string): Promise<void> {
  return sockets.push(messagePush, [message.from, message.to], message, except)
}

/** To the other one, where they are to know, and to the reader's other devices. */
export async function pushRead(
  sockets: Sockets,
  mark: ReadMarkMoved & { by: string; otherId: string; readAt: Date },
  except?: string,
): Promise<void> {
  const { by, otherId, upTo, readAt, isNew, isShown } = mark
  if (!isNew) return
  await sockets.push(readPush, [by], { with: otherId, by, upTo, readAt }, except)
  if (isShown) await sockets.push(readPush, [otherId], { with: by, by, upTo, readAt })
}
