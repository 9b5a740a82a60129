import { type Static, Type } from 'typebox'
import { Closed, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { NewQuestion, QuestionType, questionTypes, RevealAnswers } from '../assessments/index.ts'

const Usage = Type.Object(
  { inputTokens: Type.Integer(), outputTokens: Type.Integer() },
  { description: 'What it took, as the model’s service counts it; nothing, if it was kept from before.' },
)
const Cached = Type.Boolean({ description: 'Kept from before: it took nothing of the quota.' })

export const LessonToSummarize = Closed({ lessonId: Id })

export const Summary = Type.Object({
  lessonId: Id,
  summary: Type.String({ description: 'Plain text; show it as such.' }),
  cached: Cached,
  usage: Usage,
})
export type Summary = Static<typeof Summary>

export const QuizWanted = Closed({
  lessonId: Id,
  count: Type.Integer({ minimum: 1, maximum: 20, examples: [5] }),
  types: Type.Optional(
    Type.Array(QuestionType, {
      minItems: 1,
      maxItems: questionTypes.length,
      uniqueItems: true,
      description: 'Of which types the questions may be; any, if left out.',
    }),
  ),
  fresh: Type.Optional(Type.Boolean({ description: 'Another draft than the one that is kept from before.' })),
})

export const QuizDraft = Type.Object({
  drafted: Type.Literal(true, { description: 'By the assistant; nobody has looked at it yet.' }),
  title: Type.String(),
  passPercent: Type.Integer(),
  shuffle: Type.Boolean(),
  revealAnswers: RevealAnswers,
  questions: Type.Array(
    Type.Object({
      ...NewQuestion.properties,
      citation: Type.String({ description: 'The passage of the lesson that the question comes from.' }),
    }),
  ),
})
export type QuizDraft = Static<typeof QuizDraft>

export const ProgressToComment = Closed({
  courseId: Id,
  studentId: Type.Optional({ ...Id, description: 'Oneself, if left out.' }),
})

export const Figures = Type.Object({
  completedLessons: Type.Integer(),
  totalLessons: Type.Integer(),
  remainingLessons: Type.Integer(),
  percent: Type.Integer(),
  enrolledAt: Time,
  completedAt: Type.Optional(Time),
  lastActivityAt: Type.Optional(Time),
  daysSinceLastActivity: Type.Optional(Type.Integer()),
  quizzes: Type.Array(
    Type.Object({
      title: Type.String(),
      exam: Type.Boolean(),
      attempts: Type.Integer(),
      bestPercent: Type.Integer(),
      passed: Type.Boolean(),
      lastAttemptAt: Time,
    }),
  ),
})
export type Figures = Static<typeof Figures>

export const Feedback = Type.Object({
  courseId: Id,
  studentId: Id,
  feedback: Type.String({
    description: 'Plain text; every number in it is one of the figures, put there by the school.',
  }),
  figures: Figures,
  cached: Cached,
  usage: Usage,
})
