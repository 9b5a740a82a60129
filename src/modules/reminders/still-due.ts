import type { Db } from '../../platform/database/database.ts'
import type { ReminderCause } from '../../platform/database/schema.ts'
import { findEndingByIds } from '../assessments/index.ts'
import { findLessonTitles, findShownCourses } from '../catalogue/index.ts'
import { findStates, isEnrolled } from '../enrollments/index.ts'
import { type AskedStudy, findActiveSince, findOpenLessons } from '../learning/index.ts'
import type { Words } from '../notifications/index.ts'
import type { ReminderRow } from './queries.ts'
import { idleSince, unpaidMs } from './rules.ts'
import { endingWords, idleWords, openedWords, unpaidWords } from './words.ts'

/** What one person is told: of one reminder or, of inactivity, of all that are due. */
export interface Told {
  readonly ids: readonly string[]
  readonly userId: string
  readonly words: Words
  readonly data: Readonly<Record<string, unknown>>
}

type Look = (db: Db, at: Date, rows: readonly ReminderRow[]) => Promise<Told[]>

const subjectsOf = (rows: readonly ReminderRow[]) => rows.map((row) => row.subject_id)

async function coursesOf(db: Db, rows: readonly ReminderRow[]) {
  const courses = await findShownCourses(
    db,
    rows.map((row) => row.course_id),
  )
  return new Map(courses.map((course) => [course.id, course]))
}

/** What still holds of these reminders, and what is said of it; those that do not are left out. */
export const stillDue: Readonly<Record<ReminderCause, Look>> = {
  async payment(db, at, rows) {
    const courses = await coursesOf(db, rows)
    const states = await findStates(db, subjectsOf(rows))
    return rows.flatMap(({ id, user_id: userId, course_id: courseId, subject_id: enrollmentId }) => {
      const [course, state] = [courses.get(courseId), states.get(enrollmentId)]
      // Who has begun anew meanwhile is at it.
      if (!course || state?.status !== 'pending' || state.since.getTime() > at.getTime() - unpaidMs) return []
      const data = { event: 'reminder.payment', enrollmentId, courseId }
      return [{ ids: [id], userId, words: unpaidWords(course.title), data }]
    })
  },

  async opening(db, at, rows) {
    const studies = await findStudies(db, at, rows, (row) => row.step)
    const titles = new Map<string, readonly string[]>()
    const told: Told[] = []
    for (const { row, course, lessonIds } of studies) {
      if (lessonIds.length === 0) continue
      const key = lessonIds.join()
      const named = titles.get(key) ?? (await findLessonTitles(db, lessonIds))
      titles.set(key, named)
      const data = { event: 'reminder.opening', courseId: course.id, lessonIds }
      told.push({ ids: [row.id], userId: row.user_id, words: openedWords(course.title, named), data })
    }
    return told
  },

  async deadline(db, at, rows) {
    const courses = await coursesOf(db, rows)
    const open = await findEndingByIds(db, subjectsOf(rows))
    const attempts = new Map(open.map((attempt) => [attempt.id, attempt]))
    const states = await findStates(
      db,
      open.map((attempt) => attempt.enrollment_id),
    )
    return rows.flatMap(({ id, user_id: userId, course_id: courseId, subject_id: attemptId }) => {
      const [course, attempt] = [courses.get(courseId), attempts.get(attemptId)]
      if (!course || !attempt || !isEnrolled(states.get(attempt.enrollment_id)?.status)) return []
      const minutesLeft = Math.floor((attempt.deadline.getTime() - at.getTime()) / 60_000)
      const data = { event: 'reminder.deadline', attemptId, quizId: attempt.quiz_id, courseId }
      return [
        { ids: [id], userId, words: endingWords(attempt.title, { course: course.title, minutesLeft }), data },
      ]
    })
  },

  async inactivity(db, at, rows) {
    const active = await findActiveSince(
      db,
      rows.map((row) => ({ userId: row.user_id, courseId: row.course_id, day: idleSince(at, row.step) })),
    )
    const idle = rows.filter((row) => !active.has(`${row.user_id}/${row.course_id}`))
    const studies = await findStudies(db, at, idle, () => null)
    const waiting = studies.filter(({ lessonIds, onlyExam }) => lessonIds.length > 0 || onlyExam)
    const together = Map.groupBy(waiting, ({ row }) => `${row.user_id}/${row.step}`)
    return [...together.values()].flatMap((some) => {
      const [first] = some
      if (!first) return []
      const { user_id: userId, step } = first.row
      const courseIds = some.map(({ course }) => course.id)
      const titles = some.map(({ course }) => course.title)
      const data = { event: 'reminder.inactivity', courseIds, days: step }
      return [{ ids: some.map(({ row }) => row.id), userId, words: idleWords(titles, step), data }]
    })
  },
}

/** The active enrollments that reminders are about, and what is open in them: of any days, or of so many. */
async function findStudies(
  db: Db,
  at: Date,
  rows: readonly ReminderRow[],
  daysOf: (row: ReminderRow) => number | null,
) {
  const courses = await coursesOf(db, rows)
  const states = await findStates(db, subjectsOf(rows))
  const studies = rows.flatMap((row) => {
    const [course, state] = [courses.get(row.course_id), states.get(row.subject_id)]
    if (!course || state?.status !== 'active' || !state.activatedAt) return []
    const asked: AskedStudy = {
      enrollmentId: row.subject_id,
      courseId: course.id,
      sequential: course.sequential,
      activatedAt: state.activatedAt,
      days: daysOf(row),
    }
    return [{ row, course, asked }]
  })
  const open = await findOpenLessons(
    db,
    studies.map(({ asked }) => asked),
    at,
  )
  return studies.map(({ row, course }, index) => ({
    row,
    course,
    ...(open[index] ?? { lessonIds: [], onlyExam: false }),
  }))
}
