import { describe, expect, it } from 'vitest'
import {
  canBecome,
  distinctTags,
  faultsOf,
  isUsableSlug,
  lacksOf,
  numberedSlug,
  slugify,
  titleOfCopy,
} from './rules.ts'

describe('slugify', () => {
  it.each([
    ['Git basics', 'git-basics'],
    ['  C++ & Rust: why?  ', 'c-rust-why'],
    ['Crème brûlée für Anfänger', 'creme-brulee-fur-anfanger'],
    ['Straße, Ærø, Łódź', 'strasse-aero-lodz'],
    ["The beginner's guide", 'the-beginners-guide'],
    ['हिन्दी', 'untitled'],
    ['---', 'untitled'],
    ['Mine', 'mine-course'],
    ['019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01', '019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01-course'],
    [`${'a'.repeat(59)} b`, 'a'.repeat(59)],
  ])('%j becomes %s', (title, slug) => expect(slugify(title)).toBe(slug))
})

describe('isUsableSlug', () => {
  it.each([
    ['git-basics', true],
    ['facets', false],
    ['mine', false],
    ['019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01', false],
  ])('%s: %s', (slug, usable) => expect(isUsableSlug(slug)).toBe(usable))
})

describe('numberedSlug', () => {
  it.each([
    [[], 'git-2'],
    [['git-2', 'git-3'], 'git-4'],
    [['git-10', 'git-9'], 'git-11'],
    [['git-basics', 'git-2x', 'git-02', 'github-7'], 'git-2'],
  ])('beside %j it is %s', (taken, slug) => expect(numberedSlug('git', taken)).toBe(slug))
})

describe('distinctTags', () => {
  it.each([
    [
      ['Git', 'git', ' GIT ', 'tools'],
      ['Git', 'tools'],
    ],
    [[], []],
  ])('%j are %j', (said, kept) => expect(distinctTags(said)).toEqual(kept))
})

describe('titleOfCopy', () => {
  it.each([
    ['Git', 'Git (copy)'],
    ['Git (copy)', 'Git (copy) (copy)'],
    ['x'.repeat(200), `${'x'.repeat(193)} (copy)`],
    [`${'x'.repeat(192)}🙂🙂🙂🙂`, `${'x'.repeat(192)} (copy)`],
  ])('%j is copied as %j', (title, copy) => expect(titleOfCopy(title)).toBe(copy))
})

describe('canBecome', () => {
  it.each([
    ['draft', 'published', true],
    ['draft', 'archived', true],
    ['published', 'draft', true],
    ['published', 'archived', true],
    ['archived', 'draft', true],
    ['archived', 'published', false],
    ['archived', 'archived', true],
  ] as const)('%s to %s: %s', (from, to, allowed) => expect(canBecome(from, to)).toBe(allowed))
})

describe('lacksOf', () => {
  it.each([
    [0, 0, ['no_section', 'no_lesson']],
    [2, 0, ['no_lesson']],
    [1, 1, []],
  ])('%i sections and %i lessons lack %j', (sections, lessons, lacks) =>
    expect(lacksOf({ sections, lessons })).toEqual(lacks),
  )
})

describe('faultsOf an order', () => {
  const course = { sectionIds: ['s', 't'], lessonIds: ['a', 'b'] }
  const none = { missing: [], unknown: [], repeated: [] }
  it.each([
    ['all, moved', { t: ['b', 'a'], s: [] }, null],
    ['a lesson missing', { s: ['a'], t: [] }, { ...none, missing: ['b'] }],
    ['a section missing', { s: ['a', 'b'] }, { ...none, missing: ['t'] }],
    ['a lesson twice', { s: ['a', 'b'], t: ['a'] }, { ...none, repeated: ['a'] }],
    ['a stranger', { s: ['a', 'x'], t: [] }, { missing: ['b'], unknown: ['x'], repeated: [] }],
    ['another course', { u: ['x'] }, { missing: ['s', 't', 'a', 'b'], unknown: ['u', 'x'], repeated: [] }],
  ] as [string, Record<string, string[]>, object | null][])('%s', (_name, said, faults) => {
    const order = Object.entries(said).map(([sectionId, lessonIds]) => ({ sectionId, lessonIds }))
    expect(faultsOf(order, course)).toEqual(faults)
  })
  it('a section twice', () => {
    const order = [
      { sectionId: 's', lessonIds: ['a', 'b'] },
      { sectionId: 's', lessonIds: [] },
    ]
    expect(faultsOf(order, course)).toEqual({ missing: ['t'], unknown: [], repeated: ['s'] })
  })
})
