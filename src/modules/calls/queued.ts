import { Type } from 'typebox'
import { Id } from '../../platform/ids.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'

const payload = Type.Object({ callId: Id })

/** Ends a call that still rings when the time is up. */
export const expire = defineJob('calls.expire', payload)
/** Tells both people that a call is over, where what ended it could not. */
export const tellEnd = defineJob('calls.tell-end', payload)
/** Ends a call whose device has not come back. */
export const endLost = defineJob('calls.end-lost', payload)
/** Ends the calls that a killed node left behind, and those that go on for too long. */
export const endAbandoned = defineJob('calls.end-abandoned', Type.Object({}))
/** Deletes the calls that were over long ago. */
export const cleanUp = defineJob('calls.clean-up', Type.Object({}))
