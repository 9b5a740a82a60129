import { Type } from 'typebox'
import { Closed, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { MoneySchema } from '../../platform/money.ts'
import { intervals } from './rules.ts'

const Moment = (description: string) =>
  Type.String({ minLength: 10, maxLength: 40, description, examples: ['2026-03-01'] })

export const SeriesQuery = Closed({
  from: Type.Optional(
    Moment(
      'A day of the time zone, or a moment. Else: 30 days, 12 weeks or 12 months, the current one included.',
    ),
  ),
  to: Type.Optional(
    Moment('A day of the time zone, which is included, or a moment, which is not. Else: today.'),
  ),
  interval: Type.Optional(
    Type.Enum([...intervals], { default: 'day', description: 'Weeks begin on Mondays (ISO 8601).' }),
  ),
  timezone: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 60,
      description: 'Of the IANA. Else: the one of the profile, or UTC.',
      examples: ['Asia/Kolkata'],
    }),
  ),
})

const Count = Type.Integer({ minimum: 0 })
const Start = { ...Time, description: 'When the day, week or month begins in the time zone.' }

/** A point for each interval, oldest first. */
function Series<Fields extends Parameters<typeof Type.Object>[0]>(fields: Fields) {
  return {
    interval: Type.Enum([...intervals]),
    timezone: Type.String({ examples: ['Asia/Kolkata'] }),
    series: Type.Array(Type.Object({ start: Start, ...fields })),
  }
}

export const UserActivity = Type.Object(
  Series({
    activePeople: { ...Count, description: 'Who did something in a lesson or an attempt, counted once.' },
    newUsers: { ...Count, description: 'Accounts that were made.' },
  }),
)

export const EnrollmentSeries = Type.Object(
  Series({ begun: Count, activated: Count, completed: Count, cancelled: Count }),
)

const Net = Type.Object(
  { amount: Type.Integer(), currency: MoneySchema.properties.currency },
  { description: 'Captured less refunded: below zero where more went back than came.' },
)

export const RevenueSeries = Type.Object(
  Series({
    revenue: Type.Array(
      Type.Object({ captured: MoneySchema, refunded: MoneySchema, net: Net, payments: Count }),
      { description: 'One for each currency that occurs anywhere in the series.' },
    ),
  }),
)

export const EngagementSeries = Type.Object(
  Series({
    activeStudents: { ...Count, description: 'Who did something in the course, counted once.' },
    activeMinutes: {
      ...Count,
      description: 'Of all of them: 15 for each quarter of an hour in which somebody did something.',
    },
    lessonsCompleted: Count,
    completions: { ...Count, description: 'Who completed the course.' },
    newEnrollments: { ...Count, description: 'Enrollments that became active.' },
  }),
)

const Percent = Type.Union([Type.Number({ minimum: 0, maximum: 100 }), Type.Null()], {
  description: 'To a tenth; null where there were no attempts.',
})
const attempts = {
  attempts: { ...Count, description: 'Those handed in, or ended by their deadline.' },
  averageScorePercent: Percent,
  passRatePercent: Percent,
}

export const QuizSeries = Type.Object({
  ...Series(attempts),
  quizzes: Type.Array(
    Type.Object({
      quizId: Id,
      title: Type.String(),
      lessonId: Type.Union([Id, Type.Null()], { description: 'Null: the exam.' }),
      ...attempts,
      series: Type.Array(Type.Object({ start: Start, ...attempts }), {
        description: 'Without the intervals in which there were no attempts.',
      }),
    }),
    {
      description:
        'Each quiz that the course has, and each that was taken away and has attempts in this time.',
    },
  ),
})
