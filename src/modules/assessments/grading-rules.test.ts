import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askedOf, faultsOfAnswers, mergeAnswers, type SavedAnswer } from './answer-rules.ts'
import type { AnswerValue } from './attempt-schemas.ts'
import { oneOfEach, rightAnswers } from './factory.ts'
import { creditFor, gradeAnswers } from './grading-rules.ts'
import { asQuestion } from './question-rules.ts'
import { type Dice, type Key, makeSheet } from './sheet-rules.ts'

const common = { questionId: 'q', points: 1, explanation: null }

describe('credit for an answer', () => {
  const single: Key = { ...common, type: 'single', right: 'b' }
  const multiple: Key = { ...common, type: 'multiple', right: ['a', 'b', 'c'] }
  const numeric = (right: number, tolerance = 0): Key => ({ ...common, type: 'numeric', right, tolerance })
  const text = (...right: string[]): Key => ({ ...common, type: 'short_text', right })
  const ordering: Key = { ...common, type: 'ordering', right: ['a', 'b', 'c', 'd'] }
  const matching: Key = {
    ...common,
    type: 'matching',
    right: [
      { left: 'a', right: 'x' },
      { left: 'b', right: 'x' },
      { left: 'c', right: 'y' },
      { left: 'd', right: 'z' },
    ],
  }
  const table: [string, Key, AnswerValue | undefined, number][] = [
    ['single: the right one', single, 'b', 1],
    ['single: another', single, 'a', 0],
    ['nothing was answered', single, undefined, 0],
    ['the answer was taken away', single, null, 0],
    ['multiple: all that is right', multiple, ['c', 'a', 'b'], 1],
    ['multiple: two of three', multiple, ['a', 'b'], 2 / 3],
    ['multiple: two of three and a wrong one', multiple, ['a', 'b', 'x'], 1 / 3],
    ['multiple: more wrong than right is not below nothing', multiple, ['a', 'x', 'y'], 0],
    ['multiple: none', multiple, [], 0],
    ['true_false: as it is', { ...common, type: 'true_false', right: false }, false, 1],
    ['true_false: as it is not', { ...common, type: 'true_false', right: false }, true, 0],
    ['numeric: exact', numeric(0.3), 0.3, 1],
    ['numeric: as binary has a sum', numeric(0.3), 0.1 + 0.2, 1],
    ['numeric: beside it', numeric(0.3), 0.300001, 0],
    ['numeric: at the edge of the tolerance, which binary puts outside', numeric(1, 0.1), 1.1, 1],
    ['numeric: at the other edge', numeric(1, 0.1), 0.9, 1],
    ['numeric: over the edge', numeric(1, 0.1), 1.1000001, 0],
    ['numeric: large', numeric(9_007_199_254_740_990, 1), 9_007_199_254_740_991, 1],
    ['numeric: zero is not nothing', numeric(0), 0, 1],
    ['numeric: minus zero is zero', numeric(0), -0, 1],
    ['short_text: another case', text('Paris'), 'PARIS', 1],
    ['short_text: outer space', text('Paris'), '\t Paris\u00a0\n', 1],
    ['short_text: inner space is kept', text('New York'), 'NewYork', 0],
    ['short_text: any that is accepted', text('Paris', 'Lutetia'), 'lutetia', 1],
    ['short_text: accents are kept', text('résumé'), 'resume', 0],
    ['short_text: accents, composed or not', text('r\u00e9sum\u00e9'), 're\u0301sume\u0301', 1],
    ['short_text: ß and SS', text('Straße'), 'STRASSE', 1],
    ['short_text: a sigma at the end', text('ΟΔΟΣ'), 'οδος', 1],
    ['short_text: Cyrillic', text('Москва'), 'МОСКВА', 1],
    ['short_text: nothing', text('Paris'), '  ', 0],
    ['ordering: the right order', ordering, ['a', 'b', 'c', 'd'], 1],
    ['ordering: two changed places', ordering, ['b', 'a', 'c', 'd'], 1 / 2],
    ['ordering: all elsewhere', ordering, ['b', 'c', 'd', 'a'], 0],
    ['matching: all pairs', matching, [...matching.right], 1],
    ['matching: half of them', matching, matching.right.slice(0, 2), 1 / 2],
    [
      'matching: a wrong pair takes nothing away',
      matching,
      [...matching.right.slice(0, 3), { left: 'd', right: 'x' }],
      3 / 4,
    ],
  ]
  it.each(table)('%s', (_, key, value, credit) => {
    expect(creditFor(key, value)).toBeCloseTo(credit, 12)
  })
})

describe('the score', () => {
  const keyOf = (points: number[]): Key[] =>
    points.map((of, index) => ({
      ...common,
      questionId: String(index),
      points: of,
      type: 'single',
      right: 'x',
    }))
  const right = (...ids: number[]): SavedAnswer[] => ids.map((id) => ({ questionId: String(id), value: 'x' }))
  it.each([
    ['nothing answered', [1, 1], [], 0],
    ['all right', [0.1, 0.2, 0.7], [0, 1, 2], 100],
    ['two of three, rounded down', [1, 1, 1], [0, 1], 66],
    ['by points, not by questions', [3, 1], [0], 75],
    ['never 100 where anything is wrong', [10_000, 0.01], [0], 99],
  ] as const)('%s', (_, points, answered, percent) => {
    expect(gradeAnswers(keyOf([...points]), right(...answered)).scorePercent).toBe(percent)
  })
  it('is not a percent less for the rounding of thirds', () => {
    const key: Key[] = [0, 1, 2].map((id) => ({
      ...common,
      questionId: String(id),
      type: 'multiple',
      right: ['a', 'b', 'c'],
    }))
    const answers = [0, 1, 2].map((id) => ({ questionId: String(id), value: ['a'] }))
    expect(gradeAnswers(key, answers).scorePercent).toBe(33)
    const half = [
      { questionId: '0', value: ['a', 'b', 'c'] },
      { questionId: '1', value: ['a'] },
      { questionId: '2', value: ['a', 'b'] },
    ]
    // 1 + 1/3 + 2/3 of 3
    expect(gradeAnswers(key, half).scorePercent).toBe(66)
  })
})

/** A die that a seed decides. */
function diceOf(seed: number): Dice {
  let state = seed >>> 0
  let made = 0
  return {
    below(limit) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * limit)
    },
    id: () => `id-${++made}`,
  }
}

const authored = oneOfEach.map((said, index) => ({ ...asQuestion(said), id: `q-${index}` }))

describe('a sheet', () => {
  it('is answered in full by one who knows it all, however it is shuffled', () => {
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), (seed, shuffle) => {
        const sheet = makeSheet(authored, { shuffle, dice: diceOf(seed) })
        const answers = rightAnswers({ questions: [...sheet.questions] })
        expect(faultsOfAnswers(askedOf(sheet.questions), answers)).toEqual([])
        expect(gradeAnswers(sheet.key, answers).scorePercent).toBe(100)
      }),
    )
  })

  it('gives each answer that it takes something from nothing to all', () => {
    const value: fc.Arbitrary<AnswerValue> = fc.oneof(
      fc.boolean(),
      fc.double(),
      fc.string(),
      fc.constantFrom('id-1', 'id-2', 'id-5'),
      fc.uniqueArray(fc.constantFrom(...Array.from({ length: 20 }, (_, index) => `id-${index}`))),
      fc.array(
        fc.record({
          left: fc.constantFrom('id-11', 'id-12', 'id-13'),
          right: fc.constantFrom('id-14', 'id-15'),
        }),
      ),
    )
    fc.assert(
      fc.property(fc.array(value, { minLength: 7, maxLength: 7 }), (values) => {
        const sheet = makeSheet(authored, { shuffle: false, dice: diceOf(1) })
        for (const [index, question] of sheet.questions.entries()) {
          const given = values[index] ?? null
          const faults = faultsOfAnswers(askedOf(sheet.questions), [
            { questionId: question.id, value: given },
          ])
          const key = sheet.key[index]
          if (faults.length > 0 || !key) continue
          const credit = creditFor(key, given)
          expect(credit).toBeGreaterThanOrEqual(0)
          expect(credit).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('shows nothing of what is right: ids follow the order that is shown', () => {
    const { questions } = makeSheet(authored, { shuffle: true, dice: diceOf(7) })
    const fields = new Set(questions.flatMap((question) => Object.keys(question)))
    expect([...fields].sort()).toEqual([
      'id',
      'items',
      'lefts',
      'options',
      'points',
      'rights',
      'text',
      'type',
    ])
    for (const { options, items, lefts, rights } of questions)
      for (const list of [options, items, lefts, rights]) {
        const numbers = (list ?? []).map(({ id }) => Number(id.slice(3)))
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
      }
    expect(questions.find(({ type }) => type === 'matching')?.rights).toHaveLength(2)
  })

  it('mixes what is to be ordered whatever the quiz says, the rest only if it says so', () => {
    const shapes = (shuffle: boolean) =>
      new Set(
        Array.from({ length: 60 }, (_, seed) => {
          const { questions } = makeSheet(authored, { shuffle, dice: diceOf(seed * 7_919) })
          const single = questions.find(({ type }) => type === 'single')
          return JSON.stringify([questions.map(({ id }) => id), single?.options?.map(({ text }) => text)])
        }),
      ).size
    expect(shapes(false)).toBe(1)
    expect(shapes(true)).toBeGreaterThan(40)
    const orders = Array.from({ length: 400 }, (_, seed) => {
      const { questions } = makeSheet(authored, { shuffle: false, dice: diceOf(seed * 7_919) })
      return questions
        .find(({ type }) => type === 'ordering')
        ?.items?.map(({ text }) => text)
        .join()
    })
    expect(new Set(orders).size).toBe(24)
  })
})

describe('merging answers', () => {
  const kept: SavedAnswer[] = [{ questionId: 'a', value: 'old', sequence: 5 }]
  it.each([
    ['newer', { value: 'new', sequence: 6 }, { value: 'new', sequence: 6 }],
    ['the same again', { value: 'new', sequence: 5 }, { value: 'old', sequence: 5 }],
    ['older and late', { value: 'new', sequence: 4 }, { value: 'old', sequence: 5 }],
    ['without a number: the newest', { value: 'new' }, { value: 'new', sequence: 5 }],
    ['taken away', { value: null, sequence: 6 }, { value: null, sequence: 6 }],
  ])('%s', (_, given, result) => {
    const { answers, changed } = mergeAnswers(kept, [{ questionId: 'a', ...given }])
    expect(answers).toEqual([{ questionId: 'a', ...result }])
    expect(changed).toBe(given.value !== 'new' || result.value === 'new')
  })

  it('comes to the newest of each question, in whatever order and however often they come', () => {
    const sent = fc.uniqueArray(
      fc.record({ questionId: fc.constantFrom('a', 'b', 'c'), sequence: fc.nat(50), value: fc.string() }),
      { selector: ({ sequence }) => sequence, minLength: 1 },
    )
    fc.assert(
      fc.property(
        sent.chain((answers) =>
          fc.tuple(
            fc.constant(answers),
            fc.shuffledSubarray([...answers, ...answers], { minLength: answers.length * 2 }),
          ),
        ),
        ([answers, arriving]) => {
          const end = arriving.reduce<readonly SavedAnswer[]>(
            (state, answer) => mergeAnswers(state, [answer]).answers,
            [],
          )
          for (const { questionId, value } of end) {
            const newest = answers
              .filter((answer) => answer.questionId === questionId)
              .toSorted((a, b) => b.sequence - a.sequence)[0]
            expect(value).toBe(newest?.value)
          }
        },
      ),
    )
  })
})
