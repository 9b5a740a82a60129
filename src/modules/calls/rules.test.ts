import { describe, expect, it } from 'vitest'
import type { CallState } from '../../platform/database/schema.ts'
import {
  answerToInvite,
  canBecome,
  type EndReason,
  endedBy,
  endedFor,
  isLive,
  secondsOf,
  toldReason,
} from './rules.ts'

const states: readonly CallState[] = ['ringing', 'active', 'declined', 'cancelled', 'missed', 'busy', 'ended']

describe('the states of a call', () => {
  it.each<[CallState, CallState[]]>([
    ['ringing', ['active', 'declined', 'cancelled', 'missed']],
    ['active', ['ended']],
    ['declined', []],
    ['cancelled', []],
    ['missed', []],
    ['busy', []],
    ['ended', []],
  ])('%s may become %j and nothing else', (from, allowed) => {
    expect(states.filter((to) => canBecome(from, to))).toEqual(allowed)
    expect(isLive(from)).toBe(allowed.length > 0)
  })
  it.each([
    ['caller', 'ringing', 'cancelled', 'cancelled'],
    ['callee', 'ringing', 'declined', 'declined'],
    ['caller', 'active', 'ended', 'hangup'],
    ['callee', 'active', 'ended', 'hangup'],
  ] as const)('the %s hangs up while it is %s: %s', (side, state, to, reason) => {
    expect(endedBy(side, state)).toEqual({ to, reason })
    expect(canBecome(state, to)).toBe(true)
  })
  it.each<[EndReason, 'ringing' | 'active', CallState, string]>([
    ['timeout', 'ringing', 'missed', 'timeout'],
    ['blocked', 'ringing', 'cancelled', 'cancelled'],
    ['gone', 'ringing', 'cancelled', 'cancelled'],
    ['lost', 'ringing', 'cancelled', 'lost'],
    ['blocked', 'active', 'ended', 'hangup'],
    ['gone', 'active', 'ended', 'hangup'],
    ['lost', 'active', 'ended', 'lost'],
    ['too_long', 'active', 'ended', 'too_long'],
  ])('%s while it is %s: %s, told as %s', (reason, state, to, told) => {
    expect(endedFor(reason, state)).toBe(to)
    expect(canBecome(state, to)).toBe(true)
    expect(toldReason(reason, to)).toBe(told)
  })
  it.each([
    ['2026-01-01T10:00:00Z', '2026-01-01T10:01:30.400Z', 90],
    [null, '2026-01-01T10:01:30Z', 0],
    ['2026-01-01T10:00:00Z', null, 0],
    // of two nodes whose clocks differ
    ['2026-01-01T10:00:01Z', '2026-01-01T10:00:00Z', 0],
  ])('from %s to %s are %i seconds', (answered, ended, seconds) => {
    const call = {
      answered_at: answered === null ? null : new Date(answered),
      ended_at: ended === null ? null : new Date(ended),
    }
    expect(secondsOf(call)).toBe(seconds)
  })
})

describe('an invitation of asha to ben', () => {
  const at = new Date('2026-01-01T10:00:30Z')
  const invitation = { from: 'asha', to: 'ben', socketId: 'phone', at }
  const call = (caller: string, callee: string, more: object = {}) => ({
    id: `${caller}-${callee}`,
    caller_id: caller,
    callee_id: callee,
    state: 'ringing' as CallState,
    created_at: new Date('2026-01-01T10:00:00Z'),
    caller_socket: 'phone',
    ...more,
  })
  const old = { created_at: new Date('2026-01-01T09:59:00Z') }

  it.each([
    ['nobody is in a call', [], { outcome: 'free' }],
    ['ben calls asha', [call('ben', 'asha')], { outcome: 'crossing', call: 'ben-asha' }],
    ['asha calls ben, on this device', [call('asha', 'ben')], { outcome: 'same', call: 'asha-ben' }],
    [
      'asha speaks with ben, on this device',
      [call('asha', 'ben', { state: 'active' })],
      { outcome: 'same', call: 'asha-ben' },
    ],
    [
      'asha calls ben, on another',
      [call('asha', 'ben', { caller_socket: 'tv' })],
      { outcome: 'already_in_call' },
    ],
    ['ben speaks with asha', [call('ben', 'asha', { state: 'active' })], { outcome: 'already_in_call' }],
    ['carl calls ben', [call('carl', 'ben')], { outcome: 'busy' }],
    ['ben speaks with carl', [call('ben', 'carl', { state: 'active' })], { outcome: 'busy' }],
    ['carl calls asha', [call('carl', 'asha')], { outcome: 'already_in_call' }],
    ['both are in calls', [call('carl', 'ben'), call('asha', 'dora')], { outcome: 'already_in_call' }],
    ['carl called ben long ago', [call('carl', 'ben', old)], { outcome: 'overdue', call: 'carl-ben' }],
    [
      'ben has spoken with carl for long',
      [call('ben', 'carl', { ...old, state: 'active' })],
      { outcome: 'busy' },
    ],
  ])('when %s', (_case, live, expected) => {
    const { outcome, ...rest } = answerToInvite(invitation, live)
    expect({ outcome, ...('call' in rest ? { call: rest.call.id } : {}) }).toEqual(expected)
  })
})
