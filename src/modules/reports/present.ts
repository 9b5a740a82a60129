import type { Static } from 'typebox'
import type { Money } from '../../platform/money.ts'
import { fill, type Period } from './rules.ts'
import type {
  EngagementSeries,
  EnrollmentSeries,
  QuizSeries,
  RevenueSeries,
  UserActivity,
} from './schemas.ts'
import type { AttemptsRow, EngagementRow, EnrollmentsRow, RevenueRow } from './series-queries.ts'

const headOf = ({ interval, timezone }: Period) => ({ interval, timezone })

export function presentActivity(
  period: Period,
  found: readonly { place: number; active: number; made: number }[],
): Static<typeof UserActivity> {
  const series = fill(period, found, ([row]) => ({
    activePeople: row?.active ?? 0,
    newUsers: row?.made ?? 0,
  }))
  return { ...headOf(period), series }
}

export function presentEnrollmentSeries(
  period: Period,
  found: readonly EnrollmentsRow[],
): Static<typeof EnrollmentSeries> {
  const series = fill(period, found, ([row]) => ({
    begun: row?.begun ?? 0,
    activated: row?.activated ?? 0,
    completed: row?.completed ?? 0,
    cancelled: row?.cancelled ?? 0,
  }))
  return { ...headOf(period), series }
}

export function presentRevenue(period: Period, found: readonly RevenueRow[]): Static<typeof RevenueSeries> {
  const currencies = [...new Set(found.map(({ currency }) => currency))].sort()
  const series = fill(period, found, (rows) => ({
    revenue: currencies.map((currency) => {
      const { captured = 0, refunded = 0, payments = 0 } = rows.find((row) => row.currency === currency) ?? {}
      const money = (amount: number): Money => ({ amount, currency })
      return {
        captured: money(captured),
        refunded: money(refunded),
        net: money(captured - refunded),
        payments,
      }
    }),
  }))
  return { ...headOf(period), series }
}

export function presentEngagement(
  period: Period,
  found: readonly EngagementRow[],
): Static<typeof EngagementSeries> {
  const series = fill(period, found, ([row]) => ({
    activeStudents: row?.students ?? 0,
    activeMinutes: 15 * (row?.quarters ?? 0),
    lessonsCompleted: row?.lessons ?? 0,
    completions: row?.completions ?? 0,
    newEnrollments: row?.enrollments ?? 0,
  }))
  return { ...headOf(period), series }
}

export function presentQuizzes(period: Period, found: readonly AttemptsRow[]): Static<typeof QuizSeries> {
  const quizzes = [...Map.groupBy(found, ({ quizId }) => quizId)].flatMap(([quizId, rows]) => {
    const [first] = rows
    if (!first) return []
    const { title, lessonId } = first
    const series = fill(period, rows, presentAttempts).filter(({ attempts }) => attempts > 0)
    return [{ quizId, title, lessonId, ...presentAttempts(rows), series }]
  })
  return { ...headOf(period), series: fill(period, found, presentAttempts), quizzes }
}

function presentAttempts(rows: readonly AttemptsRow[]) {
  const sum = (of: 'attempts' | 'scores' | 'passed') => rows.reduce((total, row) => total + row[of], 0)
  const attempts = sum('attempts')
  const tenth = (percent: number) => (attempts === 0 ? null : Math.round(percent * 10) / 10)
  return {
    attempts,
    averageScorePercent: tenth(sum('scores') / attempts),
    passRatePercent: tenth((100 * sum('passed')) / attempts),
  }
}
