import { describe, expect, it } from 'vitest'
import type { Role } from '../../platform/actor.ts'
import { type Deed, deeds, isOwner, isVisible, may } from './policy.ts'

const at = new Date(0)
const actor = (userId: string, role: Role) => ({ userId, role, sessionId: null, at })
const lead = actor('lead', 'instructor')
const assistant = actor('assistant', 'instructor')
const other = actor('other', 'instructor')
const admin = actor('admin', 'admin')
const student = actor('student', 'student')
const course = {
  status: 'published',
  archived_from: null,
  hidden_at: null,
  instructor_ids: ['lead', 'assistant'],
  lead_ids: ['lead'],
} as const

describe('may', () => {
  it.each([
    ['read', true, true],
    ['edit', true, true],
    ['price', true, false],
    ['rename', true, false],
    ['publish', true, false],
    ['remove', true, false],
    ['duplicate', true, false],
    ['admit', true, false],
  ] as const)('%s: lead %s, assistant %s', (deed, ofLead, ofAssistant) => {
    expect(may(lead, course, deed)).toBe(ofLead)
    expect(may(assistant, course, deed)).toBe(ofAssistant)
  })
  it.each(Object.keys(deeds) as Deed[])('%s: an admin may, nobody else', (deed) => {
    expect(may(admin, course, deed)).toBe(true)
    for (const stranger of [null, other, student, actor('lead', 'student'), actor('lead', 'parent')])
      expect(may(stranger, course, deed)).toBe(false)
  })
})

describe('isVisible', () => {
  it.each([
    ['published', null, null, true],
    ['archived', 'published', null, true],
    ['archived', 'draft', null, false],
    ['archived', null, null, false],
    ['draft', null, null, false],
    ['published', null, at, false],
    ['archived', 'published', at, false],
  ] as const)(
    '%s from %s, hidden at %s: to strangers %s, to owners always',
    (status, archived_from, hidden_at, visible) => {
      const facts = { ...course, status, archived_from, hidden_at }
      for (const stranger of [null, other, student]) expect(isVisible(stranger, facts)).toBe(visible)
      for (const owner of [lead, assistant, admin]) {
        expect(isVisible(owner, facts)).toBe(true)
        expect(isOwner(owner, facts)).toBe(true)
      }
    },
  )
})
