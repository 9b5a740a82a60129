import { Type } from 'typebox'
import { related } from '../../platform/http/policy.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { defineSocketRequest, type Realtime } from '../../platform/realtime/contract.ts'
import { acceptCall } from './accept-call.ts'
import { declineCall } from './decline-call.ts'
import { startBeating, watchDevice } from './device-realtime.ts'
import { busy } from './errors.ts'
import { hangUp } from './hang-up.ts'
import { invite } from './invite.ts'
import { moveCall } from './move-call.ts'
import { presentStanding } from './present.ts'
import { accepted, declined, incoming, over, signal } from './pushes.ts'
import { requireOtherDevice } from './require-other-device.ts'
import { CallStanding, Invitation, Signal, WhichCall } from './schemas.ts'
import { tellAccepted, tellIncoming, tellMoved, tellOver } from './tell.ts'

const policy = related('its two people')
const called = related('who is called')
const steps = { count: 60, seconds: 60 }
const nothing = Type.Object({})

const inviteRequest = defineSocketRequest({
  name: 'call:invite',
  summary:
    'Call somebody; `state` is `active` where they had called at the same moment: their call is then accepted by this',
  policy: related('friends, or teacher and student of one course'),
  limit: { count: 10, seconds: 60 },
  input: Invitation,
  reply: CallStanding,
  async handle(deps, actor, wish, socketId) {
    const { outcome, call } = await deps.transact((tx) => invite(tx, actor, { ...wish, socketId }))
    if (outcome === 'busy') throw refuse(busy)
    watchDevice(deps.sockets, socketId, { userId: actor.userId, callId: call.id })
    if (outcome === 'rings') await tellIncoming(deps, call)
    if (outcome === 'crossed') await tellAccepted(deps, call, socketId)
    return presentStanding(call)
  },
})

const acceptRequest = defineSocketRequest({
  name: 'call:accept',
  summary: 'Take a call on this device',
  policy: called,
  limit: steps,
  input: WhichCall,
  reply: CallStanding,
  async handle(deps, actor, { callId }, socketId) {
    const { call, taken } = await deps.transact((tx) => acceptCall(tx, actor, { callId, socketId }))
    watchDevice(deps.sockets, socketId, { userId: actor.userId, callId })
    if (taken) await tellAccepted(deps, call, socketId)
    return presentStanding(call)
  },
})

const declineRequest = defineSocketRequest({
  name: 'call:decline',
  summary: 'Decline a call, on all devices',
  policy: called,
  limit: steps,
  input: WhichCall,
  reply: nothing,
  async handle(deps, actor, { callId }, socketId) {
    const call = await deps.transact((tx) => declineCall(tx, actor, callId))
    if (call) await tellOver(deps, call, socketId)
    return {}
  },
})

const hangupRequest = defineSocketRequest({
  name: 'call:hangup',
  summary: 'End a call, or give up calling; asked again, nothing happens',
  policy,
  limit: steps,
  input: WhichCall,
  reply: nothing,
  async handle(deps, actor, { callId }, socketId) {
    const call = await deps.transact((tx) => hangUp(tx, actor, callId))
    if (call) await tellOver(deps, call, socketId)
    return {}
  },
})

const resumeRequest = defineSocketRequest({
  name: 'call:resume',
  summary: 'Go on with a call on this device: after a reconnect, or instead of another device',
  policy,
  limit: steps,
  input: WhichCall,
  reply: CallStanding,
  async handle(deps, actor, { callId }, socketId) {
    const { call, before } = await deps.transact((tx) => moveCall(tx, actor, { callId, socketId }))
    watchDevice(deps.sockets, socketId, { userId: actor.userId, callId })
    if (before !== null && before !== socketId) await tellMoved(deps, call, before)
    return presentStanding(call)
  },
})

const signalRequest = defineSocketRequest({
  name: 'call:signal',
  summary: 'Hand a session description or a candidate to the other device of an active call',
  policy,
  limit: { count: 600, seconds: 60 },
  input: Signal,
  reply: nothing,
  async handle(deps, actor, input, socketId) {
    const other = await requireOtherDevice(deps.db, actor, { callId: input.callId, socketId })
    await deps.sockets.pushToDevice(signal, other, input)
    return {}
  },
})

export const callRealtime: Realtime = {
  requests: [inviteRequest, acceptRequest, declineRequest, hangupRequest, resumeRequest, signalRequest],
  pushes: [incoming, accepted, declined, over, signal],
  start: startBeating,
}
