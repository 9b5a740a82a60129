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

export const Backup = Type.Object({
  name: Type.String({
    description: 'Of the file at the target.',
    examples: ['lectern-20260131-022300123-0050_catalogue_lesson_counts.backup.zst'],
  }),
  createdAt: Time,
  bytes: Type.Integer(),
  migration: Type.String({ description: 'The newest migration it has.' }),
  verified: Type.Boolean({
    description: 'Whether `lectern backup --verify` has restored it for trial and found it equal.',
  }),
})

export const QueuedBackup = Type.Object({ status: Type.Literal('queued') })
