import { Type } from 'typebox'
import { Time } from '../../platform/http/schemas.ts'

export const Health = Type.Object({ status: Type.Literal('ok') })

const Check = Type.Enum(['ok', 'failed'])
export const Readiness = Type.Object({
  status: Type.Enum(['ready', 'not_ready']),
  database: Check,
  cache: Check,
  replica: Type.Optional(
    Type.Enum(['ok', 'behind', 'away'], {
      description: 'Where there is one. The node is ready without it: the primary reads what it would.',
    }),
  ),
})

export const DeadLetter = Type.Object({
  id: Type.String(),
  name: Type.String({ description: 'The kind of job.', examples: ['deliver-event'] }),
  payload: Type.Unknown(),
  attempts: Type.Integer(),
  lastError: Type.Union([Type.String(), Type.Null()]),
  failedAt: Time,
})

export const JobKind = Type.Object({
  name: Type.String({ examples: ['media.clean-up'] }),
  schedule: Type.Optional(
    Type.String({
      description:
        'When it runs by itself: cron, five fields in UTC. Not there: it is queued as things happen.',
      examples: ['41 3 * * *'],
    }),
  ),
  lastRun: Type.Optional(
    Type.Object(
      {
        at: Time,
        durationMs: Type.Integer(),
        ok: Type.Boolean(),
        error: Type.Optional(Type.String({ description: 'What it said when it failed.' })),
      },
      { description: 'The last one that has ended; written down within five seconds.' },
    ),
  ),
  nextRun: Type.Optional(
    Type.Unsafe<Date>({
      ...Time,
      description:
        'The next tick of its schedule or, if that comes first, when the first of those that wait is due: in the past, it waits for a worker.',
    }),
  ),
  runs: Type.Integer({ description: 'In the last seven days (UTC), today among them.' }),
  failures: Type.Integer({
    description: 'How many of these runs failed; one that is tried again and succeeds counts as both.',
  }),
  waiting: Type.Integer({ description: 'In the queue, for now or later.' }),
  running: Type.Integer(),
  dead: Type.Integer({ description: 'Dead letters: their attempts are used up.' }),
})

export const QueuedRun = Type.Object({ status: Type.Literal('queued') })

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
