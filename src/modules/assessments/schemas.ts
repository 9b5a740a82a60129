import { type Static, type TSchema, Type } from 'typebox'
import { Closed, Page, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'

/** A field that may be left out, or taken away with null. */
function Clearable<Schema extends TSchema>(schema: Schema) {
  return Type.Optional(Type.Union([schema, Type.Null()]))
}

const Words = (maxLength: number, examples?: string[]) =>
  Type.String({ minLength: 1, maxLength, pattern: '\\S', ...(examples ? { examples } : {}) })

// Beyond this a double no longer tells neighboring integers apart; and JSON's 1e999, which is read as infinite, is not let in.
const mostNumber = 2 ** 53
const Amount = (options: object = {}) =>
  Type.Number({ minimum: -mostNumber, maximum: mostNumber, ...options })

export const questionTypes = [
  'single',
  'multiple',
  'true_false',
  'numeric',
  'short_text',
  'ordering',
  'matching',
] as const
export const QuestionType = Type.Enum([...questionTypes])
export type QuestionType = (typeof questionTypes)[number]

const Tag = Words(50, ['loops'])
const mostChoices = 50
const list = (description: string) => ({ maxItems: mostChoices, description })

/** All fields of all types: which of them a question has is its type's to say, and checked by the rules, which can name the place. */
const questionFields = {
  text: Words(10_000, ['What does git add do?']),
  points: Type.Number({ minimum: 0.01, maximum: 10_000, examples: [1] }),
  explanation: Clearable(Words(10_000)),
  tags: Type.Optional(Type.Array(Tag, { maxItems: 20 })),
  options: Type.Optional(
    Type.Array(
      Closed({ text: Words(2_000), correct: Type.Boolean() }),
      list(
        '`single`, `multiple`: two or more; exactly one of `single` and at least one of `multiple` is correct.',
      ),
    ),
  ),
  answer: Type.Optional(
    Type.Union([Type.Boolean(), Amount()], { description: '`true_false`: a boolean. `numeric`: a number.' }),
  ),
  tolerance: Type.Optional(
    Amount({
      minimum: 0,
      description: '`numeric`: how far off is still right, this far included; 0 if left out.',
    }),
  ),
  accepted: Type.Optional(
    Type.Array(Words(500), list('`short_text`: compared without case, accents kept, outer space trimmed.')),
  ),
  items: Type.Optional(Type.Array(Words(2_000), list('`ordering`: two or more, in the right order.'))),
  pairs: Type.Optional(
    Type.Array(Closed({ left: Words(2_000), right: Words(2_000) }), list('`matching`: two or more.')),
  ),
}

const example = {
  type: 'single',
  text: 'What does git add do?',
  points: 1,
  options: [
    { text: 'It stages a change', correct: true },
    { text: 'It commits a change', correct: false },
  ],
}

export const NewQuestion = Closed({ type: QuestionType, ...questionFields }, { examples: [example] })
export type NewQuestion = Static<typeof NewQuestion>

export const QuestionChange = Closed(
  {
    ...questionFields,
    type: Type.Optional(QuestionType),
    text: Type.Optional(questionFields.text),
    points: Type.Optional(questionFields.points),
  },
  { minProperties: 1 },
)
export type QuestionChange = Static<typeof QuestionChange>

const shownToOwners = {
  type: QuestionType,
  text: Type.String(),
  points: Type.Number(),
  explanation: Type.Optional(Type.String()),
  tags: Type.Array(Type.String()),
  options: Type.Optional(Type.Array(Type.Object({ text: Type.String(), correct: Type.Boolean() }))),
  answer: Type.Optional(Type.Unsafe<boolean | number>({ type: ['boolean', 'number'] })),
  tolerance: Type.Optional(Type.Number()),
  accepted: Type.Optional(Type.Array(Type.String())),
  items: Type.Optional(Type.Array(Type.String())),
  pairs: Type.Optional(Type.Array(Type.Object({ left: Type.String(), right: Type.String() }))),
}

export const BankQuestion = Type.Object({
  id: Id,
  courseId: Id,
  ...shownToOwners,
  createdAt: Time,
  updatedAt: Time,
})
export type BankQuestion = Static<typeof BankQuestion>
export const BankQuestionList = Page(BankQuestion)

export const mostQuestions = 500
export const mostOfABank = 10_000
/** Of a question of the bank: a page of a hundred is read at once, and a whole bank is exported. */
export const mostQuestionBytes = 32_000
export const mostDraws = 20
export const RevealAnswers = Type.Enum(['never', 'after_submit', 'after_pass', 'after_last_attempt'])
const PassPercent = Type.Integer({ minimum: 1, maximum: 100, examples: [70] })
const Seconds = Type.Integer({ minimum: 1, maximum: 604_800, description: 'At most a week.' })
const Attempts = Type.Integer({ minimum: 1, maximum: 1_000 })

export const Draw = Closed(
  {
    count: Type.Integer({ minimum: 1, maximum: mostQuestions }),
    tag: Type.Optional(Tag),
    questionIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: mostQuestions })),
  },
  {
    description:
      'So many questions of the course’s bank, at random for each attempt: of those named, of those with the tag, or of all.',
    examples: [{ count: 5, tag: 'loops' }],
  },
)
export type Draw = Static<typeof Draw>

export const NewQuiz = Closed({
  title: Words(200, ['Do you know Git?']),
  passPercent: PassPercent,
  timeLimitSeconds: Clearable(Seconds),
  maxAttempts: Clearable(Attempts),
  shuffle: Type.Optional(
    Type.Boolean({ default: false, description: 'Questions and options in another order for each attempt.' }),
  ),
  revealAnswers: RevealAnswers,
  questions: Type.Array(
    Closed(
      {
        id: Type.Optional({ ...Id, description: 'Of a question that the quiz has, to keep it.' }),
        ...NewQuestion.properties,
      },
      { examples: [example] },
    ),
    { maxItems: mostQuestions },
  ),
  draw: Type.Optional(Type.Array(Draw, { maxItems: mostDraws })),
})
export type NewQuiz = Static<typeof NewQuiz>

const ignored = { description: 'As GET says it; ignored.' }
const ofADraft = {
  description: 'As a draft of the assistant says it; ignored, and gone once the quiz is saved.',
}
/** What GET gives, and what the assistant drafts, may be sent back as it is: what only they say is ignored. */
export const QuizIn = Closed({
  ...NewQuiz.properties,
  questions: Type.Array(
    Closed(
      {
        ...NewQuiz.properties.questions.items.properties,
        citation: Type.Optional(Type.String({ maxLength: 2_000, ...ofADraft })),
      },
      { examples: [example] },
    ),
    { maxItems: mostQuestions },
  ),
  drafted: Type.Optional(Type.Boolean(ofADraft)),
  id: Type.Optional({ ...Id, ...ignored }),
  courseId: Type.Optional({ ...Id, ...ignored }),
  lessonId: Type.Optional({ ...Id, ...ignored }),
  version: Type.Optional(Type.Integer({ description: 'Ignored: `If-Match` says which version is meant.' })),
  createdAt: Type.Optional(Type.String(ignored)),
  updatedAt: Type.Optional(Type.String(ignored)),
})

const terms = {
  id: Id,
  courseId: Id,
  lessonId: Type.Optional({ ...Id, description: 'Absent: the exam of the course.' }),
  title: Type.String(),
  passPercent: PassPercent,
  timeLimitSeconds: Type.Optional(Seconds),
  maxAttempts: Type.Optional(Attempts),
  shuffle: Type.Boolean(),
  revealAnswers: RevealAnswers,
}

export const Quiz = Type.Object({
  ...terms,
  questions: Type.Array(Type.Object({ id: Id, ...shownToOwners })),
  draw: Type.Array(Type.Object(Draw.properties)),
  version: Type.Integer({ description: 'Counts the changes.' }),
  createdAt: Time,
  updatedAt: Time,
})
export type Quiz = Static<typeof Quiz>

export const QuizCard = Type.Object({
  ...terms,
  questionCount: Type.Integer(),
  viewer: Type.Object({
    attempts: Type.Integer({ description: 'Closed ones.' }),
    attemptsLeft: Type.Optional(Type.Integer({ description: 'Absent: without limit.' })),
    openAttemptId: Type.Optional(Id),
    bestScorePercent: Type.Optional(Type.Integer()),
    passed: Type.Boolean(),
  }),
})
export type QuizCard = Static<typeof QuizCard>
export const QuizCardList = Page(QuizCard)
