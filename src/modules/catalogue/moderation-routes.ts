import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { IfMatchHeader, stale } from '../../platform/http/if-match.ts'
import { only } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { assignInstructors } from './assign-instructors.ts'
import { hideCourse } from './hide-course.ts'
import { Assignment, Course, Visibility } from './schemas.ts'
import { showCourse } from './show-course.ts'

const tags = ['Catalogue and content']

/** What admins do with courses. */
export function moderationRoutes(app: App, { config, transact }: Deps): void {
  app.put(
    '/courses/:id/visibility',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'setVisibility',
        summary: 'Hide a course from everybody but its owners and the enrolled, or show it again',
        description: 'While it is hidden it takes nobody in. Its instructors are told by mail.',
        tags,
        params: Closed({ id: Id }),
        body: Visibility,
        response: responses({ 200: Course }, notFound),
      },
    },
    async (request) => {
      const { id: courseId } = request.params
      return transact(async (tx) => {
        await hideCourse(tx, actorOf(request), { courseId, ...request.body })
        return showCourse(tx, courseId, config)
      })
    },
  )

  app.put(
    '/courses/:id/instructors',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'assignInstructors',
        summary: 'Say who teaches a course: these and no others, one lead at least',
        description:
          'A lead may do everything. An assistant changes what the course holds and sees who is in it, but does not publish, delete, duplicate, price or rename it, nor let people in.',
        tags,
        params: Closed({ id: Id }),
        headers: IfMatchHeader,
        body: Assignment,
        response: responses({ 200: Course }, notFound, stale),
      },
    },
    async (request) => {
      const { id: courseId } = request.params
      const input = { courseId, instructors: request.body, ifMatch: request.headers['if-match'] }
      return transact(async (tx) => {
        await assignInstructors(tx, actorOf(request), input)
        return showCourse(tx, courseId, config)
      })
    },
  )
}
