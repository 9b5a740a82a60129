import { type Static, Type } from 'typebox'
import type { FieldFault } from '../../platform/http/refusal.ts'
import { Closed } from '../../platform/http/schemas.ts'
import type { FolderFault } from '../../platform/module.ts'
import { type ReadYaml, readYaml, writeYaml } from '../../platform/yaml/read-yaml.ts'
import type { Question } from './question-rules.ts'
import { faultsOfBankQuestion } from './question-rules.ts'
import { faultsOfQuiz } from './quiz-rules.ts'
import {
  type Draw,
  Draw as DrawSchema,
  mostDraws,
  mostOfABank,
  mostQuestions,
  NewQuestion,
  NewQuiz,
} from './schemas.ts'

export const bankFile = 'bank.yaml'
export const examFile = 'exam.yaml'
const quizEnding = '.quiz.yaml'

/** Beside the lesson: `01-basics/02-questions.md` has `01-basics/02-questions.quiz.yaml`. */
export function quizFileOf(lessonPath: string): string {
  return lessonPath.replace(/\.md$/, quizEnding)
}

export function lessonOf(quizPath: string): string {
  return `${quizPath.slice(0, -quizEnding.length)}.md`
}

export function isQuizFile(path: string): boolean {
  return path === examFile || path.endsWith(quizEnding)
}

const { questions: _, draw: __, ...terms } = NewQuiz.properties
const FolderDraw = Closed({
  count: DrawSchema.properties.count,
  tag: DrawSchema.properties.tag,
  /** Their numbers in `bank.yaml`, from 1. */
  questions: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: mostQuestions }),
  ),
})
type FolderDraw = Static<typeof FolderDraw>
const FolderQuiz = Closed({
  ...terms,
  questions: Type.Optional(Type.Array(NewQuestion, { maxItems: mostQuestions })),
  draw: Type.Optional(Type.Array(FolderDraw, { maxItems: mostDraws })),
})
type FolderQuiz = Static<typeof FolderQuiz>
const FolderBank = Closed({ questions: Type.Array(NewQuestion, { maxItems: mostOfABank }) })

/** The questions of the bank; where anything is wrong with it, that is added to the faults, and there are none. */
export function readBank(text: string | undefined, faults: FolderFault[]): readonly NewQuestion[] {
  if (text === undefined) return []
  const read = readYaml(text, FolderBank)
  const questions = read.value?.questions ?? []
  const found = questions.flatMap((question, index) => faultsOfBankQuestion(question, `/questions/${index}`))
  const told = tell(bankFile, read, found)
  faults.push(...told)
  return told.length === 0 ? questions : []
}

/**
 * A quiz or the exam; null where anything is wrong with it, which is added to the faults.
 * @param bank what it may draw from, in the order of the numbers
 */
export function readQuizFile(
  file: { path: string; text: string },
  bank: readonly NewQuestion[],
  faults: FolderFault[],
): FolderQuiz | null {
  const read = readYaml(file.text, FolderQuiz)
  const { value: quiz } = read
  const found = quiz
    ? [
        // The numbers stand for ids, which are given when it is taken in.
        ...faultsOfQuiz(
          asNewQuiz(
            quiz,
            bank.map((_, index) => String(index)),
          ),
          new Set(),
        ).map(fromIds),
        ...faultsOfNumbers(quiz, bank),
      ]
    : []
  const told = tell(file.path, read, found)
  faults.push(...told)
  return told.length === 0 ? quiz : null
}

function fromIds({ path, message }: FieldFault): FieldFault {
  return { path: path.replace(/\/questionIds$/, '/questions'), message }
}

function faultsOfNumbers({ draw = [] }: FolderQuiz, bank: readonly NewQuestion[]): FieldFault[] {
  return draw.flatMap(({ tag, questions }, index) => {
    if (questions?.some((number) => number > bank.length))
      return [
        {
          path: `/draw/${index}/questions`,
          message: `must be numbers in ${bankFile}, from 1 to ${bank.length}`,
        },
      ]
    // Where there are too few, fewer are drawn, as where the bank of a course has shrunk.
    const finds = questions !== undefined || bank.some(({ tags }) => tag === undefined || hasTag(tags, tag))
    return finds
      ? []
      : [{ path: `/draw/${index}/count`, message: `draws from nothing that is in ${bankFile}` }]
  })
}

function hasTag(tags: NewQuestion['tags'], tag: string): boolean {
  return tags?.some((one) => one.trim() === tag) ?? false
}

function tell(file: string, read: ReadYaml<unknown>, found: readonly FieldFault[]): FolderFault[] {
  return [
    ...read.faults.map(({ line, pointer, kind, said }) => {
      const place = pointer.slice(1).replaceAll('/', '.')
      const within = place === '' ? '' : ` in "${place}"`
      const fault = {
        syntax: said,
        unknown: `"${place}" is not a known field`,
        missing: `"${said}" is missing${within}`,
        bad: `"${place}" ${said}`,
      }[kind]
      return { file, line, fault }
    }),
    ...found.map(({ path, message }) => ({
      file,
      line: read.lineOf(path),
      fault: `"${path.slice(1).replaceAll('/', '.')}" ${message}`,
    })),
  ]
}

/** @param bankIds the ids of the questions of the bank, in the order of the numbers */
export function asNewQuiz(
  { questions = [], draw, ...quiz }: FolderQuiz,
  bankIds: readonly string[],
): NewQuiz {
  return {
    ...quiz,
    questions,
    draw: (draw ?? []).map(({ questions: numbers, ...drawn }) => ({
      ...drawn,
      ...(numbers ? { questionIds: numbers.map((number) => bankIds[number - 1] ?? '') } : {}),
    })),
  }
}

interface QuizToWrite {
  readonly title: string
  readonly pass_percent: number
  readonly time_limit_seconds: number | null
  readonly max_attempts: number | null
  readonly shuffle: boolean
  readonly reveal_answers: NewQuiz['revealAnswers']
  readonly questions: readonly Question[]
  readonly draws: readonly Draw[]
}

/**
 * Null where nothing is left that it could ask.
 * @param bank in the order in which it is written
 */
export function writeQuizFile(
  quiz: QuizToWrite,
  bank: readonly { readonly id: string; readonly question: Pick<Question, 'tags'> }[],
): string | null {
  const numbers = new Map(bank.map(({ id }, index) => [id, index + 1]))
  // What was taken out of the bank since is drawn no more.
  const draw = quiz.draws.flatMap(({ count, tag, questionIds }): FolderDraw[] => {
    if (!questionIds) {
      const finds = bank.some(({ question }) => tag === undefined || question.tags.includes(tag))
      return finds ? [{ count, ...(tag === undefined ? {} : { tag }) }] : []
    }
    const questions = questionIds.flatMap((id) => numbers.get(id) ?? [])
    return questions.length === 0 ? [] : [{ count: Math.min(count, questions.length), questions }]
  })
  if (quiz.questions.length + draw.length === 0) return null
  return writeYaml({
    title: quiz.title,
    passPercent: quiz.pass_percent,
    timeLimitSeconds: quiz.time_limit_seconds ?? undefined,
    maxAttempts: quiz.max_attempts ?? undefined,
    shuffle: quiz.shuffle,
    revealAnswers: quiz.reveal_answers,
    questions: quiz.questions.length > 0 ? quiz.questions.map(questionToWrite) : undefined,
    draw: draw.length > 0 ? draw : undefined,
  })
}

export function writeBank(questions: readonly Question[]): string {
  return writeYaml({ questions: questions.map(questionToWrite) })
}

function questionToWrite(question: Question): NewQuestion {
  const { type, text, points, explanation, tags } = question
  const common = {
    type,
    text,
    points,
    ...(explanation === null ? {} : { explanation }),
    ...(tags.length === 0 ? {} : { tags }),
  }
  switch (question.type) {
    case 'single':
    case 'multiple':
      return { ...common, options: question.options.map(({ text, correct }) => ({ text, correct })) }
    case 'true_false':
      return { ...common, answer: question.answer }
    case 'numeric': {
      const { answer, tolerance } = question
      return { ...common, answer, ...(tolerance === 0 ? {} : { tolerance }) }
    }
    case 'short_text':
      return { ...common, accepted: question.accepted }
    case 'ordering':
      return { ...common, items: question.items }
    case 'matching':
      return { ...common, pairs: question.pairs.map(({ left, right }) => ({ left, right })) }
  }
}
