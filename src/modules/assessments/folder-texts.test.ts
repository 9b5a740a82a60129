import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FolderFault } from '../../platform/module.ts'
import { courseFolder } from './course-folder.ts'
import { oneOfEach, quizOf } from './factory.ts'
import { asNewQuiz, readBank, readQuizFile, writeBank, writeQuizFile } from './folder-texts.ts'
import { asQuestion } from './question-rules.ts'
import type { NewQuestion, NewQuiz } from './schemas.ts'

const demo = join(import.meta.dirname, '../../../demo/courses')
const demoQuizzes = readdirSync(demo, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.yaml'),
)

function rowOf(quiz: NewQuiz) {
  return {
    title: quiz.title,
    pass_percent: quiz.passPercent,
    time_limit_seconds: quiz.timeLimitSeconds ?? null,
    max_attempts: quiz.maxAttempts ?? null,
    shuffle: quiz.shuffle ?? false,
    reveal_answers: quiz.revealAnswers,
    questions: quiz.questions.map(asQuestion),
    draws: quiz.draw ?? [],
  }
}

const bank: NewQuestion[] = [...oneOfEach].map((question) => ({ ...question, tags: ['x'] }))
const rows = bank.map((question, index) => ({ id: `id ${index}`, question: asQuestion(question) }))
const bankIds = rows.map(({ id }) => id)

/** What a text says, written again. */
function again(text: string): string {
  const faults: FolderFault[] = []
  const read = readQuizFile({ path: 'exam.yaml', text }, bank, faults)
  expect(faults).toEqual([])
  return writeQuizFile(rowOf(asNewQuiz(read ?? expect.fail(), bankIds)), rows) ?? expect.fail()
}

describe('a quiz in a course folder', () => {
  it.each(demoQuizzes)('of the demo school is read and written to the very same bytes: %s', (path) => {
    const text = readFileSync(join(demo, path), 'utf8')
    expect(again(text)).toBe(text)
  })
  it('comes back as it was: all seven types, terms, draws of all three kinds', () => {
    const quiz = quizOf({
      timeLimitSeconds: 60,
      maxAttempts: 2,
      shuffle: true,
      draw: [{ count: 2 }, { count: 1, tag: 'x' }, { count: 2, questionIds: ['id 3', 'id 0', 'id 6'] }],
    })
    const text = writeQuizFile(rowOf(quiz), rows) ?? expect.fail()
    expect(text).toMatch(/questions:\n +- 4\n +- 1\n +- 7\n/)
    const read = readQuizFile({ path: 'exam.yaml', text }, bank, [])
    expect(asNewQuiz(read ?? expect.fail(), bankIds)).toEqual(quiz)
    expect(readBank(writeBank(bank.map(asQuestion)), [])).toEqual(bank)
  })
  it('survives being written and read, whatever its texts hold', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .filter((value) => /\S/.test(value))
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text, fc.integer({ min: 1, max: 900 })), { minLength: 1 }),
        (said) => {
          const questions = said.map(
            ([text, explanation, answer]): NewQuestion => ({
              type: 'numeric',
              text,
              points: 0.5,
              explanation,
              answer,
            }),
          )
          const written = writeQuizFile(rowOf(quizOf({ questions })), []) ?? expect.fail()
          const read = readQuizFile({ path: 'exam.yaml', text: written }, [], [])
          expect(read?.questions).toEqual(questions)
        },
      ),
    )
  })
})

const good = writeQuizFile(rowOf(quizOf()), []) ?? expect.fail()
const lesson = '01-a/02-test.md'
const file = '01-a/02-test.quiz.yaml'

/** What is wrong with a folder whose files are these. */
function faultsOf(texts: Record<string, string>, lessons: Record<string, string> = { [lesson]: 'quiz' }) {
  return courseFolder.check({
    texts: new Map(Object.entries(texts)),
    lessons: new Map(Object.entries(lessons)),
    published: true,
  })
}

describe('a damaged file', () => {
  const head = 'title: T\npassPercent: 70\nrevealAnswers: never\n'
  const question = '  - type: true_false\n    text: So?\n    points: 1\n    answer: true\n'
  it.each<[string, string, number, RegExp]>([
    ['no YAML', 'title: "T\n', 2, /quote/i],
    [
      'a field that is not known',
      `${head}colour: red\nquestions:\n${question}`,
      4,
      /"colour" is not a known field/,
    ],
    [
      'no pass mark',
      `title: T\nrevealAnswers: never\nquestions:\n${question}`,
      0,
      /"passPercent" is missing/,
    ],
    [
      'a pass mark over 100',
      `title: T\npassPercent: 101\nrevealAnswers: never\nquestions:\n${question}`,
      2,
      /"passPercent" must be <= 100/,
    ],
    [
      'a field of another type',
      `${head}questions:\n${question}    items:\n      - a\n`,
      9,
      /"questions\.0\.items" is no field/,
    ],
    [
      'a question without points',
      `${head}questions:\n${question}  - type: true_false\n    text: So?\n    answer: true\n`,
      9,
      /"points" is missing in "questions\.1"/,
    ],
    [
      'no right answer',
      `${head}questions:\n${question}  - type: single\n    text: Which?\n    points: 1\n    options:\n      - text: a\n        correct: false\n      - text: b\n        correct: false\n`,
      12,
      /"questions\.1\.options" must have a correct one/,
    ],
    ['no questions', head, 0, /"questions" must have at least one/],
    ['a draw from no bank', `${head}draw:\n  - count: 3\n`, 5, /"draw\.0\.count" draws from nothing/],
    [
      'a draw of a number that is not there',
      `${head}draw:\n  - count: 1\n    questions:\n      - 5\n`,
      6,
      /"draw\.0\.questions" must be numbers in bank\.yaml/,
    ],
  ])('is refused with file, line and fault: %s', (_, text, line, fault) => {
    expect(faultsOf({ [file]: text })).toEqual([{ file, line, fault: expect.stringMatching(fault) }])
  })
  it('is refused, as is one that stands beside no quiz, and a published quiz without one', () => {
    expect(faultsOf({ [file]: good })).toEqual([])
    expect(faultsOf({ [file]: good }, { [lesson]: 'text' })).toMatchObject([{ file }])
    expect(faultsOf({ [file]: good }, {})).toMatchObject([{ file }])
    expect(faultsOf({ 'exam.yaml': good })).toMatchObject([{ file: lesson }])
    expect(
      faultsOf({
        [file]: good,
        'bank.yaml': 'questions:\n  - type: numeric\n    text: "?"\n    points: 1\n',
      }),
    ).toEqual([{ file: 'bank.yaml', line: 2, fault: '"questions.0.answer" must be a number' }])
  })
})
