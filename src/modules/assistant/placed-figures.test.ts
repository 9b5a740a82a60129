import { describe, expect, it } from 'vitest'
import { placedFigures, placeFigures } from './placed-figures.ts'

const at = (day: string) => new Date(`${day}T23:59:59Z`)
const placed = placedFigures(
  {
    completedLessons: 7,
    totalLessons: 1_200,
    remainingLessons: 1_193,
    percent: 0,
    enrolledAt: at('2026-01-02'),
    lastActivityAt: at('2026-01-09'),
    daysSinceLastActivity: 3,
    quizzes: [
      {
        title: 'Quiz {{total_lessons}}',
        exam: false,
        attempts: 2,
        bestPercent: 80,
        passed: true,
        lastAttemptAt: at('2026-01-08'),
      },
    ],
  },
  'Git $& in 30 days',
)

describe('placeFigures', () => {
  it.each([
    ['{{completed_lessons}} of {{total_lessons}} lessons, {{progress}}.', '7 of 1200 lessons, 0%.'],
    ['{{ progress }} % and {{quiz_1_best}}%.', '0% and 80%.'],
    [
      'Since {{enrolled_on}}; last on {{last_active_on}}, {{days_since_active}} days ago.',
      'Since 2026-01-02; last on 2026-01-09, 3 days ago.',
    ],
    // What a title says stays as it is.
    [
      '{{course}}: {{quiz_1}}, {{quiz_1_attempts}} attempts.',
      'Git $& in 30 days: Quiz {{total_lessons}}, 2 attempts.',
    ],
    ['Keep going.', 'Keep going.'],
    ['{{completed_on}}', null],
    ['{{quiz_2}}', null],
    ['{{Course}}', null],
    ['{{toString}}', null],
    ['7 of {{total_lessons}}', null],
    ['{{total_lessons}}0', null],
    ['{{total_lessons', null],
    ['total_lessons}}', null],
    ['ⅷ', null],
  ])('%s: %s', (text, whole) => expect(placeFigures(text, placed)).toBe(whole))
})
