import { Type } from 'typebox'
import { Time } from '../../platform/http/schemas.ts'

export const Health = Type.Object({ status: Type.Literal('ok') })

const Check = Type.Enum(['ok', 'failed'])
export const Readiness = Type.Object({
  status: Type.Enum(['ready', 'not_ready']),
  database: Check,
  cache: Check,
})

export const DeadLetter = Type.Object({
  id: Type.String(),
  name: Type.String({ description: 'The kind of job.', examples: ['deliver-event'] }),
  payload: Type.Unknown(),
  attempts: Type.Integer(),
  lastError: Type.Union([Type.String(), Type.Null()]),
  failedAt: Time,
})
