import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'

export const backupRequested = defineEvent('backup.requested', Type.Object({}))

export const backupMade = defineEvent(
  'backup.made',
  Type.Object({
    name: Type.String(),
    migration: Type.String(),
    bytes: Type.Integer(),
    /** The names of older ones that were removed after it. */
    removed: Type.Array(Type.String()),
  }),
)

export const backupFailed = defineEvent('backup.failed', Type.Object({ reason: Type.String() }))

export const backupVerified = defineEvent('backup.verified', Type.Object({ name: Type.String() }))

/** The first fact that a restored school has and its backup had not. */
export const backupRestored = defineEvent(
  'backup.restored',
  Type.Object({ name: Type.String(), createdAt: Type.String() }),
)
