import { type Static, Type } from 'typebox'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { QuestionType } from './schemas.ts'

const Text = Type.String({ maxLength: 5_000 })
const Value = Type.Union(
  [
    Text,
    Type.Number(),
    Type.Boolean(),
    Type.Null(),
    Type.Array(Type.Union([Id, Closed({ left: Id, right: Id })]), { maxItems: 100 }),
  ],
  {
    description:
      'An option’s id (`single`), ids of options (`multiple`), true or false, a number, a text, ids of all items in order, ' +
      'pairs of ids; null takes an answer away.',
    examples: ['019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01'],
  },
)
export type AnswerValue = Static<typeof Value>

const AnswerIn = Closed({
  questionId: Id,
  value: Value,
  sequence: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 9_007_199_254_740_991,
      description:
        'Counted up by the client with each answer: an older answer to a question never replaces a newer one, however late it comes. ' +
        '**Left out, the answer counts as the newest, whatever was saved before**: send it always where the network repeats or delays.',
    }),
  ),
})
export type AnswerIn = Static<typeof AnswerIn>
export const AnswersIn = Closed({ answers: Type.Array(AnswerIn, { maxItems: 1_000 }) })

/** What a person answered, checked when it was saved. */
const AnyValue = Type.Unsafe<AnswerValue>({ description: 'As it was sent.' })
const Choices = Type.Optional(Type.Array(Type.Object({ id: Id, text: Type.String() })))

/** What is right is not among these fields, so it cannot leave here. */
const ShownQuestion = Type.Object({
  id: Id,
  type: QuestionType,
  text: Type.String(),
  points: Type.Number(),
  options: Choices,
  items: Choices,
  lefts: Choices,
  rights: Choices,
})

export const AttemptStatus = Type.Enum(['open', 'submitted', 'expired'])

const summary = {
  id: Id,
  quizId: Id,
  userId: Id,
  number: Type.Integer({ description: 'Counts from 1 for each person and quiz.' }),
  status: AttemptStatus,
  startedAt: Time,
  deadline: Type.Optional(Time),
  scorePercent: Type.Optional(Type.Integer({ description: 'Whole, rounded down.' })),
  passed: Type.Optional(Type.Boolean()),
  submittedAt: Type.Optional({ ...Time, description: 'Of an expired one: its deadline.' }),
}

const Answers = Type.Array(
  Type.Object({ questionId: Id, value: AnyValue, sequence: Type.Optional(Type.Integer()) }),
)

export const SavedAnswers = Type.Object(
  { ...summary, answers: Answers },
  { description: 'The attempt and all its answers as they are saved now, without its `questions`.' },
)
export type SavedAnswers = Static<typeof SavedAnswers>

export const Attempt = Type.Object({
  ...summary,
  questions: Type.Array(ShownQuestion),
  answers: Answers,
  results: Type.Optional(
    Type.Array(
      Type.Object({
        questionId: Id,
        points: Type.Number({ description: 'What was earned.' }),
        correct: Type.Boolean({ description: 'All of it.' }),
        correctAnswer: Type.Unsafe<AnswerValue>({
          description: 'In the form of an answer; of a `short_text` all that is accepted.',
        }),
        tolerance: Type.Optional(Type.Number()),
        explanation: Type.Optional(Type.String()),
      }),
      { description: 'For its student as `revealAnswers` says; for owners once it is closed.' },
    ),
  ),
})
export type Attempt = Static<typeof Attempt>

export const AttemptSummary = Type.Object(summary)
export type AttemptSummary = Static<typeof AttemptSummary>
export const AttemptList = Page(AttemptSummary)

export const NewExtraAttempts = Closed({
  userId: Id,
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10, default: 1 })),
})
export const ExtraAttempts = Type.Object({
  quizId: Id,
  userId: Id,
  extraAttempts: Type.Integer({ description: 'In all: above `maxAttempts`, whichever that is.' }),
})
export type ExtraAttempts = Static<typeof ExtraAttempts>
