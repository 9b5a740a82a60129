import { Type } from 'typebox'
import { Id } from '../../platform/ids.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'

const payload = Type.Object({ callId: Id })

/** Ends a call that still rings when the time is up. */
export const expire = defineJob('calls.expire', payload)
/** Tells both people that a call is over, where what ended it could not. */
export const tellEnd = defineJob('calls.tell-end', payload)
