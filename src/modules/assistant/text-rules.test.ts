import { describe, expect, it } from 'vitest'
import { isPlain, isQuoted } from './text-rules.ts'

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

describe('isQuoted, by words', () => {
  it.each([
    ['the rapist smiles at him', 'The therapist smiles at him', false],
    ['therapist smiles at him', 'Then the rapist smiles at him', false],
    ['rapist smiles at him', 'The therapist smiles at him', false],
    ['therapist smiles at', 'The therapist smiles atop a hill', false],
    ['therapist smiles at', 'A therapist smiles atop, a therapist smiles at him', true],
    ['the_rapist smiles', 'The therapist smiles', false],
    ['therapist smiles', 'The _therapist_ smiles', true],
    ['snake_case is a style', 'In short, snake_case is a style.', true],
    ['C# is not what C is', 'We say that C# is not what C is.', true],
    ['C is not what C is', 'We say that C# is not what C is.', false],
    ['Name Of what it is', '| Name | Of what it is |', true],
    ['said so, and went on', '> He said so,\n> and went on.', true],
    ['Naïve ideas go on', 'Some Nai\u0308ve ideas go on.', true],
    ['スナップショットを保存します', 'Gitはスナップショットを\n保存します。', true],
    ['git commit 7 times a day', 'git commit 77 times a day', false],
  ])('%s, of "%s": %s', (passage, source, quoted) => expect(isQuoted(passage, source)).toBe(quoted))
})
