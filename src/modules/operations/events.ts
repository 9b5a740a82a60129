import { Type } from 'typebox'
import { type AuditRule, defineUnheardEvent } from '../../platform/events/events.ts'

const unnamed: AuditRule<never> = { when: 'always', subject: 'backup', ids: [] }
const named: AuditRule<'name'> = { ...unnamed, ids: ['name'] }

export const backupRequested = defineUnheardEvent('backup.requested', Type.Object({}), unnamed)

/** An admin had a scheduled job run at once. */
export const jobRequested = defineUnheardEvent('job.requested', Type.Object({ name: Type.String() }), {
  when: 'always',
  subject: 'job',
  ids: ['name'],
})

export const backupMade = defineUnheardEvent(
  'backup.made',
  Type.Object({
    name: Type.String(),
    migration: Type.String(),
    bytes: Type.Integer(),
    /** The names of older ones that were removed after it. */
    removed: Type.Array(Type.String()),
  }),
  named,
)

export const backupFailed = defineUnheardEvent(
  'backup.failed',
  Type.Object({ reason: Type.String() }),
  unnamed,
)

export const backupVerified = defineUnheardEvent(
  'backup.verified',
  Type.Object({ name: Type.String() }),
  named,
)

/** The first fact that a restored school has and its backup had not. */
export const backupRestored = defineUnheardEvent(
  'backup.restored',
  Type.Object({ name: Type.String(), createdAt: Type.String() }),
  named,
)

/** An admin gave a job that had failed for good its attempts back. */
export const jobRetried = defineUnheardEvent(
  'job.retried',
  Type.Object({ jobId: Type.String(), name: Type.String() }),
  { when: 'always', subject: 'job', ids: ['name'] },
)
