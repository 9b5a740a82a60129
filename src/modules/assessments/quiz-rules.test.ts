import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { oneOfEach, quizOf } from './factory.ts'
import { asQuestion, changed, faultsOfQuestion } from './question-rules.ts'
import { faultsOfQuiz } from './quiz-rules.ts'
import { type NewQuestion, type NewQuiz, questionTypes } from './schemas.ts'

const base = { text: 'What?', points: 1 }
const option = (text: string, correct = false) => ({ text, correct })
const pathsOf = (quiz: NewQuiz, known: string[] = []) =>
  faultsOfQuiz(quiz, new Set(known)).map(({ path }) => path)

describe('a question', () => {
  const table: [string, NewQuestion, string[]][] = [
    ...oneOfEach.map((said): [string, NewQuestion, string[]] => [`${said.type}: a good one`, said, []]),
    ['single: no options', { ...base, type: 'single' }, ['/options']],
    ['single: one option', { ...base, type: 'single', options: [option('a', true)] }, ['/options']],
    ['single: none is right', { ...base, type: 'single', options: [option('a'), option('b')] }, ['/options']],
    [
      'single: two are right',
      { ...base, type: 'single', options: [option('a', true), option('b', true)] },
      ['/options'],
    ],
    [
      'single: two say the same',
      { ...base, type: 'single', options: [option('a', true), option(' a ')] },
      ['/options/1/text'],
    ],
    [
      'multiple: none is right',
      { ...base, type: 'multiple', options: [option('a'), option('b')] },
      ['/options'],
    ],
    ['true_false: a number', { ...base, type: 'true_false', answer: 1 }, ['/answer']],
    ['true_false: nothing', { ...base, type: 'true_false' }, ['/answer']],
    ['numeric: a boolean', { ...base, type: 'numeric', answer: true }, ['/answer']],
    ['short_text: nothing accepted', { ...base, type: 'short_text', accepted: [] }, ['/accepted']],
    ['ordering: one item', { ...base, type: 'ordering', items: ['a'] }, ['/items']],
    ['ordering: twice the same', { ...base, type: 'ordering', items: ['a', 'b', 'a'] }, ['/items/2']],
    ['matching: one pair', { ...base, type: 'matching', pairs: [{ left: 'a', right: 'b' }] }, ['/pairs']],
    [
      'matching: twice the same left',
      {
        ...base,
        type: 'matching',
        pairs: [
          { left: 'a', right: 'x' },
          { left: 'a', right: 'y' },
        ],
      },
      ['/pairs/1/left'],
    ],
    [
      'fields of other types',
      { ...base, type: 'true_false', answer: true, items: ['a', 'b'], tolerance: 1 },
      ['/tolerance', '/items'],
    ],
  ]
  it.each(table)('%s', (_, said, paths) => {
    expect(faultsOfQuestion(said, '').map(({ path }) => path)).toEqual(paths)
  })

  it('ends in faults, never in an error, whatever is said', () => {
    const texts = fc.array(fc.string(), { maxLength: 4 })
    const said = fc.record(
      {
        type: fc.constantFrom(...questionTypes),
        text: fc.string(),
        points: fc.double(),
        options: fc.array(fc.record({ text: fc.string(), correct: fc.boolean() }), { maxLength: 4 }),
        answer: fc.oneof(fc.boolean(), fc.double()),
        tolerance: fc.double(),
        accepted: texts,
        items: texts,
        pairs: fc.array(fc.record({ left: fc.string(), right: fc.string() }), { maxLength: 4 }),
      },
      { requiredKeys: ['type', 'text', 'points'] },
    )
    fc.assert(
      fc.property(said, (question) => {
        if (faultsOfQuestion(question, '/q').length === 0)
          expect(faultsOfQuestion({ ...changed(asQuestion(question), {}) }, '')).toEqual([])
      }),
    )
  })

  it('keeps what is its type’s when it is changed, and loses it with the type', () => {
    const [single] = oneOfEach
    if (!single) throw new Error('there is none')
    const before = asQuestion(single)
    expect(changed(before, { points: 3 })).toMatchObject({
      type: 'single',
      points: 3,
      options: single.options,
    })
    expect(changed(before, { type: 'multiple' })).toMatchObject({ type: 'multiple', options: single.options })
    const other = changed(before, { type: 'true_false', answer: true })
    expect(other).not.toHaveProperty('options')
    expect(faultsOfQuestion(other, '')).toEqual([])
  })
})

describe('a quiz', () => {
  const good = { ...base, type: 'true_false', answer: true } as const
  const id = '019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01'
  it.each<[string, NewQuiz, string[]]>([
    ['a good one', quizOf(), []],
    ['without questions', quizOf({ questions: [] }), ['/questions']],
    ['with drawn ones only', quizOf({ questions: [], draw: [{ count: 1 }] }), []],
    ['with too many drawn', quizOf({ draw: [{ count: 500 }] }), ['/draw']],
    [
      'with a bad question, by its place',
      quizOf({ questions: [good, { ...base, type: 'ordering', items: ['a'] }] }),
      ['/questions/1/items'],
    ],
    ['with an id that it has not', quizOf({ questions: [{ ...good, id: 'other' }] }), ['/questions/0/id']],
    [
      'with an id twice',
      quizOf({
        questions: [
          { ...good, id },
          { ...good, id },
        ],
      }),
      ['/questions/1/id'],
    ],
    ['with an id that it has', quizOf({ questions: [{ ...good, id }] }), []],
    ['drawing more than are named', quizOf({ draw: [{ count: 2, questionIds: [id] }] }), ['/draw/0/count']],
    [
      'drawing by name and by tag',
      quizOf({ draw: [{ count: 1, questionIds: [id, id], tag: 'x' }] }),
      ['/draw/0/tag', '/draw/0/questionIds'],
    ],
  ])('%s', (_, quiz, paths) => {
    expect(pathsOf(quiz, [id])).toEqual(paths)
  })
})
