import { Type } from 'typebox'
import type { Tx } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { only, related } from '../../platform/http/policy.ts'
import { forbidden, notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { changeCourse } from './change-course.ts'
import { asWhole } from './course-columns.ts'
import { findCourse } from './course-queries.ts'
import { createCourse } from './create-course.ts'
import { deleteCourse } from './delete-course.ts'
import { courseClosed, courseIncomplete } from './errors.ts'
import { presentCourse } from './present.ts'
import { publishCourse } from './publish-course.ts'
import { Course, CourseChange, NewCourse } from './schemas.ts'
import { unpublishCourse } from './unpublish-course.ts'

const tags = ['Catalogue and content']
const owner = related('owner', 'instructor', 'admin')

/** Making and changing courses. The page of one course is the learning module's: it knows what the viewer has done. */
export function courseRoutes(app: App, { config, transact }: Deps): void {
  async function answer(tx: Tx, courseId: string): Promise<Course> {
    const course = await findCourse(tx, courseId)
    if (!course) throw refuse(notFound)
    return presentCourse(course, config)
  }

  app.post(
    '/courses',
    {
      config: { policy: only('instructor', 'admin') },
      schema: {
        operationId: 'createCourse',
        summary: 'Begin a course as a draft',
        tags,
        body: NewCourse,
        response: responses({ 201: Course }),
      },
    },
    async (request, reply) => {
      reply.code(201)
      return transact(async (tx) => answer(tx, await createCourse(tx, actorOf(request), request.body)))
    },
  )

  app.patch(
    '/courses/:id',
    {
      config: { policy: owner },
      schema: {
        operationId: 'changeCourse',
        summary: 'Change the given fields of a course; null takes one away',
        tags,
        params: Closed({ id: Id }),
        body: CourseChange,
        response: responses({ 200: Course }, forbidden, notFound),
      },
    },
    async (request) => {
      const { id: courseId } = request.params
      return transact(async (tx) => {
        await changeCourse(tx, actorOf(request), { courseId, change: request.body })
        return answer(tx, courseId)
      })
    },
  )

  app.put(
    '/courses/:id',
    {
      config: { policy: owner },
      schema: {
        operationId: 'replaceCourse',
        summary: 'Replace all fields of a course; what is not given is taken away',
        tags,
        params: Closed({ id: Id }),
        body: NewCourse,
        response: responses({ 200: Course }, forbidden, notFound),
      },
    },
    async (request) => {
      const { id: courseId } = request.params
      return transact(async (tx) => {
        await changeCourse(tx, actorOf(request), { courseId, change: asWhole(request.body) })
        return answer(tx, courseId)
      })
    },
  )

  app.delete(
    '/courses/:id',
    {
      config: { policy: owner },
      schema: {
        operationId: 'deleteCourse',
        summary: 'Delete a course; one that somebody was ever enrolled in is archived instead',
        tags,
        params: Closed({ id: Id }),
        response: responses(
          {
            200: { ...Course, description: 'It is archived.' },
            204: Type.Null({ description: 'It is gone.' }),
          },
          forbidden,
          notFound,
        ),
      },
    },
    async (request, reply) => {
      const { id: courseId } = request.params
      const archived = await transact(async (tx) => {
        const outcome = await deleteCourse(tx, actorOf(request), courseId)
        return outcome === 'archived' ? answer(tx, courseId) : null
      })
      return archived ?? reply.code(204).send(null)
    },
  )

  app.post(
    '/courses/:id/publish',
    {
      config: { policy: owner },
      schema: {
        operationId: 'publishCourse',
        summary: 'Show a course to everybody',
        description: 'A 409 `course_incomplete` lists in `missing` what it lacks: `no_section`, `no_lesson`.',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: Course }, forbidden, notFound, courseIncomplete, courseClosed),
      },
    },
    async (request) => {
      const { id: courseId } = request.params
      return transact(async (tx) => {
        await publishCourse(tx, actorOf(request), courseId)
        return answer(tx, courseId)
      })
    },
  )

  app.post(
    '/courses/:id/unpublish',
    {
      config: { policy: owner },
      schema: {
        operationId: 'unpublishCourse',
        summary: 'Take a course back into draft; who is enrolled stays so',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: Course }, forbidden, notFound, courseClosed),
      },
    },
    async (request) => {
      const { id: courseId } = request.params
      return transact(async (tx) => {
        await unpublishCourse(tx, actorOf(request), courseId)
        return answer(tx, courseId)
      })
    },
  )
}
