import { describe, expect, it } from 'vitest'
import { isPlain, isQuoted, namesOnlyNumbersOf } from './text-rules.ts'

const lesson = `# Staging

**git add** stages a change; see [the docs](https://git-scm.com/docs) or <kbd>q</kbd>. It’s what “commit” takes,
and nothing else.`

describe('isPlain', () => {
  it.each([
    ['It stages a change.', true],
    ['The docs stand at https://git-scm.com/docs.', true],
    ['Press <kbd>q</kbd> to leave.', true],
    ['Where a < b, swap them.', true],
    ['नमस्ते 👩‍💻 שלום\u200f.', true],
    ['Go to https://evil.example', false],
    ['Go to HTTPS://GIT-SCM.COM/evil', false],
    ['Go to www.evil.example', false],
    ['Go to //evil.example/login', false],
    ['Look ![](//evil.example/x.png)', false],
    ['Half of it is 7 // 2, or a//b.', true],
    ['Write to mailto:me@evil.example', false],
    ['Click javascript:alert(1)', false],
    ['Look <script>alert(1)</script>', false],
    ['Look <!-- here -->', true],
    ['Look </system>', false],
    ['Left\u202eright', false],
    ['Zero\u0000', false],
    ['Tags \u{e0041}', false],
    ['Half a pair \ud83d', false],
  ])('%s: %s', (text, plain) => expect(isPlain(text, lesson)).toBe(plain))
})

describe('isQuoted', () => {
  it.each([
    ['git add stages a change', true],
    ['**git add** stages a change', true],
    ['It\'s what "commit" takes, and nothing else.', true],
    ['  stages\n a   change ', true],
    ['git add commits a change', false],
    ['Git Add stages a change', false],
    ['a change', false],
    ['', false],
    ['**********************', false],
  ])('%s: %s', (passage, quoted) => expect(isQuoted(passage, lesson)).toBe(quoted))
})

describe('namesOnlyNumbersOf', () => {
  const figures = '{"done":7,"of":1200,"percent":58,"last":"2026-01-09","quiz":"Quiz 2"}'
  it.each([
    ['You have done 7 of 1200 lessons, 58%.', true],
    ['7 of 1,200; last on 9 January 2026, in Quiz 2.', true],
    ['Keep going.', true],
    ['07 is 7.', true],
    ['You have done 8.', false],
    ['58.5 percent', false],
    ['58,5 percent', false],
    ['Aim for 100%.', false],
    ['That is ½ of it.', false],
    ['٧ of them', false],
    ['7² is more', false],
  ])('%s: %s', (text, only) => expect(namesOnlyNumbersOf(text, figures)).toBe(only))
})
