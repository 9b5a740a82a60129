import { type Static, Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { only } from '../../platform/http/policy.ts'
import { Closed, Page, responses, Time } from '../../platform/http/schemas.ts'
import { averageStars } from './dashboard-rules.ts'
import {
  presentCourses,
  presentEnrollments,
  presentRevenue,
  presentTaughtCourse,
} from './dashboard-staff-present.ts'
import { CourseCounts, EnrollmentCounts, Rating, Revenue, TaughtCourse } from './dashboard-staff-schemas.ts'
import { readInstructorDashboard } from './read-instructor-dashboard.ts'

const Taught = Page(TaughtCourse)
const InstructorDashboard = Type.Object({
  courses: CourseCounts,
  enrollments: EnrollmentCounts,
  activeStudents: Type.Object(
    { last7Days: Type.Integer(), last30Days: Type.Integer() },
    { description: 'People who learned in any of the courses, each once.' },
  ),
  revenue: Revenue,
  monthStart: { ...Time, description: 'When this month began, by the time zone of the profile.' },
  rating: Rating,
  perCourse: Taught.properties.items,
  nextCursor: Taught.properties.nextCursor,
})
type InstructorDashboard = Static<typeof InstructorDashboard>

export function instructorDashboardRoutes(app: App, { db }: Deps): void {
  app.get(
    '/dashboard/instructor',
    {
      config: { policy: only('instructor') },
      schema: {
        operationId: 'readInstructorDashboard',
        summary: 'The courses that one teaches: enrollments, active students, completion, revenue, rating',
        description:
          'The totals are of all courses; `perCourse` is a page of them, newest first, as `GET /courses/mine`.',
        tags: ['Dashboards and analytics'],
        querystring: Closed(pageQuery),
        response: responses({ 200: InstructorDashboard }),
      },
    },
    async (request): Promise<InstructorDashboard> => {
      const { limit, after } = readPage(request.query, isIdKey)
      const page = { after, limit: limit + 1 }
      const { teaching, monthStart } = await readInstructorDashboard(db, actorOf(request), page)
      const { courses, enrollments, active_people, revenue, rating, taught } = teaching
      const { items, nextCursor } = toPage(taught, limit, (row) => row.id)
      return {
        courses: presentCourses(courses),
        enrollments: presentEnrollments(enrollments),
        activeStudents: { last7Days: active_people.week, last30Days: active_people.month },
        revenue: presentRevenue(revenue),
        monthStart,
        rating: { average: averageStars(rating), count: rating.count },
        perCourse: items.map(presentTaughtCourse),
        nextCursor,
      }
    },
  )
}
