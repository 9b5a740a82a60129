import { defineSocketPush } from '../../platform/realtime/contract.ts'
import { Presence } from './schemas.ts'

export const presencePush = defineSocketPush(
  'presence',
  'Somebody whom this device watches has come online, or gone offline.',
  Presence,
)

/** What devices follow that watch somebody. */
export const topicOf = (userId: string) => `presence:${userId}`
const prefix = topicOf('')

/** Whom a topic is about, or null. */
export const personOf = (topic: string) => (topic.startsWith(prefix) ? topic.slice(prefix.length) : null)
