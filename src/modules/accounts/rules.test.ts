import { describe, expect, it } from 'vitest'
import type { Role } from '../../platform/actor.ts'
import {
  changeOf,
  leavesNoAdmin,
  mayMailAgain,
  mayResetPassword,
  rotationOf,
  type Standing,
  sessionEnd,
} from './rules.ts'

const at = new Date('2026-03-01T12:00:00.000Z')
const seconds = (count: number) => new Date(at.getTime() + count * 1_000)

describe('a refresh token that is presented', () => {
  const open = { rotated_at: null, expires_at: seconds(60), revoked_at: null, status: 'active' as const }
  it.each([
    ['is the current one', {}, 'rotate'],
    ['was rotated this very moment', { rotated_at: at }, 'rotate'],
    ['was rotated 10 seconds ago', { rotated_at: seconds(-10) }, 'rotate'],
    ['was rotated a moment more ago', { rotated_at: new Date(at.getTime() - 10_001) }, 'reused'],
    ['expires this very moment', { expires_at: at }, 'ended'],
    ['expires a moment later', { expires_at: new Date(at.getTime() + 1) }, 'rotate'],
    ['is of an ended session', { revoked_at: seconds(-1) }, 'ended'],
    ['was rotated long ago, in an ended session', { revoked_at: at, rotated_at: seconds(-99) }, 'ended'],
    ['is a suspended person’s', { status: 'suspended' as const }, 'ended'],
    ['is a deleted person’s', { status: 'deleted' as const }, 'ended'],
  ])('%s', (_case, facts, outcome) => {
    expect(rotationOf({ ...open, ...facts }, at)).toBe(outcome)
  })
})

describe('a session that is renewed', () => {
  const days = (count: number) => seconds(count * 86_400)
  it.each([
    ['began now', at, 7, days(7)],
    ['began 83 days ago', days(-83), 7, days(7)],
    ['began 85 days ago', days(-85), 7, days(5)],
    ['began 90 days ago', days(-90), 7, at],
    ['began 90 days ago, where the operator lets one lie for a year', days(-90), 365, days(275)],
  ])('%s', (_case, beganAt, lifetime, end) => {
    expect(sessionEnd(beganAt, at, lifetime * 86_400)).toEqual(end)
  })
})

it.each([
  ['never before', null, true],
  ['just now', at, false],
  ['59 seconds ago', seconds(-59), false],
  ['a minute ago', seconds(-60), true],
  ['by a clock that is ahead', seconds(5), false],
])('mailed %s: may be mailed again: %s', (_case, last, may) => {
  expect(mayMailAgain(last, at)).toBe(may)
})

it.each([
  [{ status: 'active', hasPassword: true, hasIdentity: false }, true],
  [{ status: 'active', hasPassword: true, hasIdentity: true }, true],
  [{ status: 'active', hasPassword: false, hasIdentity: false }, true],
  [{ status: 'active', hasPassword: false, hasIdentity: true }, false],
  [{ status: 'suspended', hasPassword: true, hasIdentity: false }, false],
  [{ status: 'deleted', hasPassword: false, hasIdentity: false }, false],
] as const)('%j may set a password by mail: %s', (facts, may) => {
  expect(mayResetPassword(facts)).toBe(may)
})

describe('a change of role or status', () => {
  const student: Standing = { role: 'student', status: 'active' }
  it.each([
    [student, {}, null],
    [student, { role: 'student', status: 'active' }, null],
    [student, { role: 'parent' }, { role: 'parent', status: 'active' }],
    [student, { status: 'suspended' }, { role: 'student', status: 'suspended' }],
    [
      { role: 'student', status: 'suspended' },
      { role: 'admin', status: 'active' },
      { role: 'admin', status: 'active' },
    ],
  ] as const)('%j, asked for %j', (before, wish, to) => {
    expect(changeOf(before, wish)).toEqual(to && { from: before, to })
  })
})

describe('whether the school is left without an admin', () => {
  const standing = (role: Role, status: Standing['status'] = 'active') => ({ role, status })
  it.each([
    ['the only one is deleted', ['a'], 'a', null, true],
    ['the only one is demoted', ['a'], 'a', standing('instructor'), true],
    ['the only one is suspended', ['a'], 'a', standing('admin', 'suspended'), true],
    ['the only one stays', ['a'], 'a', standing('admin'), false],
    ['one of two is deleted', ['a', 'b'], 'a', null, false],
    ['somebody else is deleted', ['a'], 'c', null, false],
    ['a suspended admin is deleted', ['a'], 'b', null, false],
  ] as const)('%s: %s', (_case, admins, userId, to, left) => {
    expect(leavesNoAdmin(admins, userId, to)).toBe(left)
  })
})
