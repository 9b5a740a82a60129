import { type Static, Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { related } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses, Time } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { Enrollment, presentEnrollment } from '../enrollments/index.ts'
import { GuardianLink, presentLink, requireChild } from '../guardians/index.ts'
import { presentCertificate } from './present.ts'
import { readChildOverview } from './read-child-overview.ts'
import { Certificate } from './schemas.ts'

const ChildOverview = Type.Object({
  child: GuardianLink.properties.child,
  courses: Type.Array(
    Type.Object({
      enrollment: Enrollment,
      completedLessons: Type.Integer(),
      totalLessons: Type.Integer(),
      percent: Type.Integer(),
      lastActivityAt: Type.Optional(Time),
    }),
  ),
  quizScores: Type.Array(
    Type.Object({
      quizId: Id,
      courseId: Id,
      lessonId: Type.Optional({
        ...Id,
        description: 'Of a quiz lesson; an exam has none, nor has a quiz whose lesson was removed.',
      }),
      title: Type.String(),
      attempts: Type.Integer(),
      bestScorePercent: Type.Integer(),
      passed: Type.Boolean(),
      lastAt: Time,
    }),
  ),
  certificates: Type.Array(Certificate),
  lastActivityAt: Type.Optional(Time),
})
type ChildOverview = Static<typeof ChildOverview>

/** Here, in the last of the modules that it tells of. */
export function childOverviewRoutes(app: App, { config, db, transact }: Deps): void {
  app.get(
    '/children/:childId/overview',
    {
      config: { policy: related('parent of that child', 'parent') },
      schema: {
        operationId: 'readChildOverview',
        summary: 'An own child at a glance: courses, progress, quiz scores, certificates, last activity',
        tags: ['Guardians'],
        params: Closed({ childId: Id }),
        response: responses({ 200: ChildOverview }, notFound),
      },
    },
    async (request): Promise<ChildOverview> => {
      const { childId } = request.params
      const link = await transact((tx) => requireChild(tx, actorOf(request), { childId, what: 'overview' }))
      const { courses, scores, certificates, lastActivityAt } = await readChildOverview(db, childId)
      return {
        child: presentLink(link, config).child,
        courses: courses.map(({ enrollment, course, standing }) => ({
          enrollment: presentEnrollment(enrollment, course),
          completedLessons: standing.completedLessons,
          totalLessons: standing.totalLessons,
          percent: standing.percent,
          ...(standing.lastActivityAt ? { lastActivityAt: standing.lastActivityAt } : {}),
        })),
        quizScores: scores.map((score) => ({
          quizId: score.quiz_id,
          courseId: score.course_id,
          ...(score.lesson_id === null ? {} : { lessonId: score.lesson_id }),
          title: score.title,
          attempts: score.attempts,
          bestScorePercent: score.best_percent,
          passed: score.passed_at !== null,
          lastAt: score.last_at,
        })),
        certificates: certificates.map((certificate) => presentCertificate(certificate, config)),
        ...(lastActivityAt ? { lastActivityAt } : {}),
      }
    },
  )
}
