import { type Static, Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { only } from '../../platform/http/policy.ts'
import { responses, Time } from '../../platform/http/schemas.ts'
import {
  presentCourses,
  presentEnrollments,
  presentInstructor,
  presentRevenue,
  presentUsers,
} from './dashboard-staff-present.ts'
import { CourseCounts, EnrollmentCounts, Instructor, Revenue, UserCounts } from './dashboard-staff-schemas.ts'
import { createAdminDashboard } from './read-admin-dashboard.ts'

const AdminDashboard = Type.Object({
  users: UserCounts,
  courses: CourseCounts,
  enrollments: EnrollmentCounts,
  revenue: Revenue,
  monthStart: { ...Time, description: 'When this month began, by the time zone of the profile.' },
  instructors: Type.Array(Instructor, {
    description: 'Who teaches the courses that were changed last; ten at most, the last change first.',
  }),
  lastBackupAt: Type.Optional({ ...Time, description: 'Without: there was none yet.' }),
})
type AdminDashboard = Static<typeof AdminDashboard>

export function adminDashboardRoutes(app: App, { config, db }: Deps): void {
  const readAdminDashboard = createAdminDashboard(db)
  app.get(
    '/dashboard/admin',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'readAdminDashboard',
        summary: 'The school: users by role, courses and enrollments by status, revenue, who teaches lately',
        tags: ['Dashboards and analytics'],
        response: responses({ 200: AdminDashboard }),
      },
    },
    async (request): Promise<AdminDashboard> => {
      const { school, instructors, monthStart } = await readAdminDashboard(actorOf(request))
      return {
        users: presentUsers(school.users),
        courses: presentCourses(school.courses),
        enrollments: presentEnrollments(school.enrollments),
        revenue: presentRevenue(school.revenue),
        monthStart,
        instructors: instructors.map((row) => presentInstructor(row, config)),
        ...(school.last_backup_at === null ? {} : { lastBackupAt: new Date(school.last_backup_at) }),
      }
    },
  )
}
