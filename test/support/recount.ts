import type pg from 'pg'

/**
 * What dashboards say, counted from the rows themselves in plain TypeScript: slow, and of no statement that the program has.
 * docs/dashboards.md says what each number means.
 */
const tables = [
  'users',
  'courses',
  'lessons',
  'course_instructors',
  'course_exams',
  'exam_passes',
  'enrollments',
  'lesson_progress',
  'attempts',
  'certificates',
  'payments',
  'payment_captures',
  'refunds',
  'reviews',
] as const

// biome-ignore lint/suspicious/noExplicitAny: rows of every table, as they are
type Row = any
type Table = (typeof tables)[number]
export type Raw = Readonly<Record<Table, readonly Row[]>> & {
  /** A quarter of an hour in which somebody learned. */
  readonly activity: readonly { user_id: string; course_id: string; at: Date }[]
}

const quarterMs = 900_000
const dayMs = 86_400_000

export async function readRaw(pool: pg.Pool): Promise<Raw> {
  const read = async (table: string) => (await pool.query(`select * from ${table}`)).rows
  const entries = await Promise.all(tables.map(async (table) => [table, await read(table)] as const))
  const days = (await pool.query('select user_id, course_id, day::text, quarters::text from activity_days'))
    .rows
  const activity = days.flatMap(({ user_id, course_id, day, quarters }) =>
    [...String(quarters)].flatMap((bit, n) =>
      bit === '1'
        ? [{ user_id, course_id, at: new Date(Date.parse(`${day}T00:00:00Z`) + n * quarterMs) }]
        : [],
    ),
  )
  return { ...(Object.fromEntries(entries) as Record<Table, Row[]>), activity }
}

const latest = (moments: readonly (Date | null)[]) =>
  moments.reduce<Date | null>((last, at) => (at && (!last || at > last) ? at : last), null)
const isEnrolled = ({ status }: Row) => status === 'active' || status === 'completed'
const count = (rows: readonly Row[], status: string) => rows.filter((row) => row.status === status).length
const floorPercent = (part: number, whole: number) => (whole === 0 ? 0 : Math.floor((part * 100) / whole))

function courseOf(raw: Raw, enrollment: Row) {
  const lessons = raw.lessons.filter(({ course_id }) => course_id === enrollment.course_id)
  const done = raw.lesson_progress.filter(
    ({ enrollment_id, completed_at }) => enrollment_id === enrollment.id && completed_at,
  )
  const pass = raw.exam_passes.find(({ enrollment_id }) => enrollment_id === enrollment.id)
  const examMissing = raw.course_exams.some(({ course_id }) => course_id === enrollment.course_id) && !pass
  const percent = floorPercent(done.length, lessons.length)
  return {
    status: enrollment.status,
    course: { id: enrollment.course_id },
    progress: {
      completedLessons: done.length,
      totalLessons: lessons.length,
      percent: examMissing ? Math.min(99, percent) : percent,
    },
    examMissing,
  }
}

/** Without the next lessons and what hangs on moments that a later change has replaced. */
export function expectedLearner(raw: Raw, userId: string, at: Date) {
  const of = ({ user_id }: Row) => user_id === userId
  const enrollments = raw.enrollments.filter(of)
  const closed = raw.attempts
    .filter((row) => of(row) && row.status !== 'open')
    .sort((a, b) => b.submitted_at - a.submitted_at || (a.id < b.id ? 1 : -1))
  const certificates = raw.certificates.filter(of).sort((a, b) => (a.id < b.id ? 1 : -1))
  return {
    active: count(enrollments, 'active'),
    completed: count(enrollments, 'completed'),
    pending: count(enrollments, 'pending'),
    results: closed.slice(0, 10).map((row) => ({
      attemptId: row.id,
      quizId: row.quiz_id,
      scorePercent: row.score_percent,
      passed: row.passed,
      submittedAt: row.submitted_at.toISOString(),
    })),
    certificates: { total: certificates.length, latest: certificates.slice(0, 10).map(({ id }) => ({ id })) },
    due: { length: dueOf(raw, userId, at) },
  }
}

export function expectedCourses(raw: Raw, userId: string) {
  return raw.enrollments
    .filter((row) => row.user_id === userId && isEnrolled(row))
    .map((row) => courseOf(raw, row))
    .sort((a, b) => (a.course.id < b.course.id ? -1 : 1))
}

function dueOf(raw: Raw, userId: string, at: Date): number {
  const open = raw.attempts.filter(
    (row) => row.user_id === userId && row.status === 'open' && (!row.deadline || row.deadline > at),
  )
  return (
    open.length + raw.enrollments.filter((row) => row.user_id === userId && row.status === 'pending').length
  )
}

/** Days in a row, each day that of the calendar of the person's time zone. */
export function expectedStreak(raw: Raw, userId: string, at: Date) {
  const timezone = raw.users.find(({ id }) => id === userId)?.timezone ?? 'UTC'
  const moments = raw.activity.filter(({ user_id }) => user_id === userId).map((row) => row.at)
  return { ...streakOf(moments, timezone, at), timezone }
}

export function streakOf(moments: readonly Date[], timeZone: string, at: Date) {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  const dayOf = (moment: Date) => Date.parse(`${format.format(moment)}T00:00:00Z`) / dayMs
  const days = new Set(moments.map(dayOf))
  const runUpTo = (day: number) => {
    let length = 0
    while (days.has(day - length)) length++
    return length
  }
  const today = dayOf(at)
  return {
    current: days.has(today) ? runUpTo(today) : runUpTo(today - 1),
    longest: Math.max(0, ...[...days].map(runUpTo)),
  }
}

interface Money {
  readonly currency: string
  readonly amount: number
  readonly refunded: number
  readonly thisMonth: number
}

/** Captures that pay, and what went back of them. */
function revenueOf(raw: Raw, courseIds: ReadonlySet<string>, since: Date): Money[] {
  const paid = new Map(raw.payments.map((row) => [row.id, row]))
  const pays = raw.payment_captures.filter(({ verdict }) => verdict === 'pays')
  const back = raw.refunds.filter(
    ({ done_at, gateway, capture_reference }) =>
      done_at && pays.some((row) => row.gateway === gateway && row.capture_reference === capture_reference),
  )
  const moves = [
    ...pays.map((row) => ({ ...row, at: row.captured_at, sign: 1 })),
    ...back.map((row) => ({ ...row, at: row.done_at, sign: -1 })),
  ].filter(({ payment_id }) => courseIds.has(paid.get(payment_id)?.course_id))
  const sum = (rows: readonly Row[]) =>
    rows.reduce((total, { sign, amount }) => total + sign * Number(amount), 0)
  return [...new Set<string>(moves.map(({ currency }) => currency))].sort().map((currency) => {
    const these = moves.filter((move) => move.currency === currency)
    return {
      amount: sum(these),
      currency,
      refunded: 0 - sum(these.filter(({ sign }) => sign < 0)),
      thisMonth: sum(these.filter((move) => move.at >= since)),
    }
  })
}

/** The first moment of the month, found by trying each quarter of an hour backwards. */
function monthStart(raw: Raw, userId: string, at: Date): Date {
  const timeZone = raw.users.find(({ id }) => id === userId)?.timezone ?? 'UTC'
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' })
  const month = format.format(at)
  let start = Math.floor(at.getTime() / quarterMs) * quarterMs
  while (format.format(start - quarterMs) === month) start -= quarterMs
  return new Date(start)
}

const statusesOf = (rows: readonly Row[], ...statuses: string[]) => ({
  total: rows.length,
  ...Object.fromEntries(statuses.map((status) => [status, count(rows, status)])),
})
const enrollmentsOf = (rows: readonly Row[]) =>
  statusesOf(rows, 'pending', 'active', 'completed', 'cancelled')
const coursesOf = (rows: readonly Row[]) => statusesOf(rows, 'draft', 'published', 'archived')

function activeIn(raw: Raw, courseIds: ReadonlySet<string>, at: Date, days: number): number {
  const since = Math.floor((at.getTime() - days * dayMs) / quarterMs) * quarterMs
  const people = raw.activity.filter((row) => courseIds.has(row.course_id) && row.at.getTime() >= since)
  return new Set(people.map(({ user_id }) => user_id)).size
}

function ratingOf(raw: Raw, courseIds: ReadonlySet<string>) {
  const stars = raw.reviews.filter(({ course_id }) => courseIds.has(course_id)).map((row) => row.stars)
  const sum = stars.reduce((total: number, given: number) => total + given, 0)
  return {
    average: stars.length === 0 ? 0 : Math.round((sum * 100) / stars.length) / 100,
    count: stars.length,
  }
}

export function expectedInstructor(raw: Raw, userId: string, at: Date) {
  const parts = raw.course_instructors.filter(({ user_id }) => user_id === userId)
  const courseIds = new Set<string>(parts.map(({ course_id }) => course_id))
  const courses = raw.courses.filter(({ id }) => courseIds.has(id))
  const since = monthStart(raw, userId, at)
  return {
    courses: coursesOf(courses),
    enrollments: enrollmentsOf(raw.enrollments.filter(({ course_id }) => courseIds.has(course_id))),
    activeStudents: {
      last7Days: activeIn(raw, courseIds, at, 7),
      last30Days: activeIn(raw, courseIds, at, 30),
    },
    revenue: revenueOf(raw, courseIds, since),
    monthStart: since.toISOString(),
    rating: ratingOf(raw, courseIds),
    perCourse: courses
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .map((course) =>
        taughtCourse(raw, course, parts.find((part) => part.course_id === course.id).role, at),
      ),
    nextCursor: null,
  }
}

function taughtCourse(raw: Raw, course: Row, role: string, at: Date) {
  const { id, slug, title, status } = course
  const enrollments = raw.enrollments.filter(({ course_id }) => course_id === id)
  const [active, completed] = [count(enrollments, 'active'), count(enrollments, 'completed')]
  // Of a course without lessons, who completed it counts in full all the same.
  const lessons = Math.max(1, raw.lessons.filter(({ course_id }) => course_id === id).length)
  const underWay = new Set(enrollments.filter((row) => row.status === 'active').map((row) => row.id))
  const done = raw.lesson_progress.filter((row) => underWay.has(row.enrollment_id) && row.completed_at).length
  const only = new Set<string>([id])
  return {
    course: { id, slug, title },
    status,
    role,
    enrollments: enrollmentsOf(enrollments),
    completionPercent: floorPercent(completed, active + completed),
    averageProgressPercent: floorPercent(completed * lessons + done, (active + completed) * lessons),
    activeStudents: activeIn(raw, only, at, 30),
    revenue: revenueOf(raw, only, at).map(({ amount, currency }) => ({ amount, currency })),
    rating: ratingOf(raw, only),
  }
}

export function expectedAdmin(raw: Raw, userId: string, at: Date) {
  const users = raw.users.filter(({ status }) => status !== 'deleted')
  const roleOf = (role: string) => users.filter((user) => user.role === role).length
  const all = new Set<string>(raw.courses.map(({ id }) => id))
  const since = monthStart(raw, userId, at)
  return {
    users: {
      total: users.length,
      byRole: {
        student: roleOf('student'),
        instructor: roleOf('instructor'),
        parent: roleOf('parent'),
        admin: roleOf('admin'),
      },
      byStatus: { active: count(users, 'active'), suspended: count(users, 'suspended') },
    },
    courses: coursesOf(raw.courses),
    enrollments: enrollmentsOf(raw.enrollments),
    revenue: revenueOf(raw, all, since),
    monthStart: since.toISOString(),
    instructors: instructorsOf(raw, at),
  }
}

function instructorsOf(raw: Raw, at: Date) {
  const newSince = Math.floor((at.getTime() - 30 * dayMs) / quarterMs) * quarterMs
  const teachers = raw.users.filter(
    ({ id, role }) =>
      (role === 'instructor' || role === 'admin') &&
      raw.course_instructors.some(({ user_id }) => user_id === id),
  )
  return teachers
    .map(({ id }) => {
      const own = raw.course_instructors.filter(({ user_id }) => user_id === id).map((row) => row.course_id)
      const courseIds = new Set<string>(own)
      const courses = raw.courses.filter((course) => courseIds.has(course.id))
      const enrollments = raw.enrollments.filter(({ course_id }) => courseIds.has(course_id))
      return {
        instructor: { id },
        courses: coursesOf(courses),
        enrollments: enrollmentsOf(enrollments),
        newEnrollments: enrollments.filter(
          (row) => row.activated_at && row.activated_at.getTime() >= newSince,
        ).length,
        revenue: revenueOf(raw, courseIds, at).map(({ amount, currency }) => ({ amount, currency })),
        lastChangeAt: latest(courses.map(({ updated_at }) => updated_at))?.toISOString() ?? '',
      }
    })
    .sort((a, b) => (`${a.lastChangeAt}${a.instructor.id}` < `${b.lastChangeAt}${b.instructor.id}` ? 1 : -1))
    .slice(0, 10)
}
