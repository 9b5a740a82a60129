import type { Config } from '../../platform/config.ts'
import { presentPerson } from '../accounts/index.ts'
import type { InstructorRow, SchoolRow } from './dashboard-admin-queries.ts'
import type { CourseCounts, EnrollmentCounts, RevenueRow } from './dashboard-course-queries.ts'
import type { TaughtCourseRow } from './dashboard-instructor-queries.ts'
import { averagePercent, percentOf } from './dashboard-rules.ts'
import type { Instructor, TaughtCourse } from './dashboard-staff-schemas.ts'

export function presentUsers(rows: SchoolRow['users']) {
  const sum = (fits: (row: SchoolRow['users'][number]) => boolean) =>
    rows.filter(fits).reduce((people, row) => people + row.people, 0)
  return {
    total: sum(() => true),
    byRole: {
      student: sum(({ role }) => role === 'student'),
      instructor: sum(({ role }) => role === 'instructor'),
      parent: sum(({ role }) => role === 'parent'),
      admin: sum(({ role }) => role === 'admin'),
    },
    byStatus: {
      active: sum(({ status }) => status === 'active'),
      suspended: sum(({ status }) => status === 'suspended'),
    },
  }
}

export function presentCourses({ draft, published, archived }: CourseCounts) {
  return { total: draft + published + archived, draft, published, archived }
}

export function presentEnrollments({ pending, active, completed, cancelled }: EnrollmentCounts) {
  return { total: pending + active + completed + cancelled, pending, active, completed, cancelled }
}

export function presentRevenue(rows: readonly RevenueRow[]) {
  return rows.map(({ currency, net, refunded, this_month: thisMonth }) => ({
    amount: net,
    currency,
    refunded,
    thisMonth,
  }))
}

export function presentTaughtCourse(row: TaughtCourseRow): TaughtCourse {
  const { id, slug, title, status, role, active, completed, lessons } = row
  return {
    course: { id, slug, title },
    status,
    role,
    enrollments: presentEnrollments(row),
    completionPercent: percentOf(completed, active + completed),
    averageProgressPercent: averagePercent({
      active,
      completed,
      lessons,
      completedLessons: row.completed_lessons,
    }),
    activeStudents: row.active_people,
    revenue: row.revenue.map(presentNet),
    rating: { average: row.rating_average, count: row.rating_count },
  }
}

export function presentInstructor(row: InstructorRow, config: Config): Instructor {
  return {
    instructor: presentPerson(row.person, config),
    courses: presentCourses(row.courses),
    enrollments: presentEnrollments(row.enrollments),
    newEnrollments: row.new_enrollments,
    revenue: row.revenue.map(presentNet),
    lastChangeAt: row.last_change_at,
  }
}

function presentNet({ net, currency }: Pick<RevenueRow, 'currency' | 'net'>) {
  return { amount: net, currency }
}
