import { type Static, Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { only } from '../../platform/http/policy.ts'
import { responses } from '../../platform/http/schemas.ts'
import { presentLearner } from './dashboard-learner-present.ts'
import { learner } from './dashboard-learner-schemas.ts'
import { readStudentDashboard } from './read-student-dashboard.ts'

const StudentDashboard = Type.Object({
  ...learner,
  streak: Type.Object(
    {
      current: Type.Integer({ description: 'Up to today or, where today has nothing yet, up to yesterday.' }),
      longest: Type.Integer(),
      timezone: Type.String({ description: 'By whose days it is counted: that of the profile, or UTC.' }),
    },
    { description: 'Days in a row on which something was learned.' },
  ),
})
type StudentDashboard = Static<typeof StudentDashboard>

export function studentDashboardRoutes(app: App, { config, db }: Deps): void {
  app.get(
    '/dashboard/student',
    {
      config: { policy: only('student') },
      schema: {
        operationId: 'readStudentDashboard',
        summary: 'The own courses with progress and next lesson, streak, results, certificates, what is due',
        tags: ['Dashboards and analytics'],
        response: responses({ 200: StudentDashboard }),
      },
    },
    async (request): Promise<StudentDashboard> => {
      const { row, streak } = await readStudentDashboard(db, actorOf(request))
      return { ...presentLearner(row, config), streak }
    },
  )
}
