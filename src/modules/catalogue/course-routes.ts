import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { largeBody } from '../../platform/http/body-limits.ts'
import { tagVersion } from '../../platform/http/etag.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { IfMatchHeader, stale } from '../../platform/http/if-match.ts'
import { only, related } from '../../platform/http/policy.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { changeCourse } from './change-course.ts'
import { asWhole } from './course-columns.ts'
import { createCourse } from './create-course.ts'
import { deleteCourse } from './delete-course.ts'
import { duplicateCourse } from './duplicate-course.ts'
import { slugTaken } from './errors.ts'
import { Course, CourseChange, CourseReplacement, NewCourse } from './schemas.ts'
import { showCourse } from './show-course.ts'

const tags = ['Catalogue and content']
const owner = related('owner', 'instructor', 'admin')

/** Making and changing courses. The page of one course is the learning module's: it knows what the viewer has done. */
export function courseRoutes(app: App, { config, transact }: Deps): void {
  /** Writes, and answers with the course as it is then, tagged so that the next change can be made on it. */
  async function write(reply: FastifyReply, work: (tx: Tx) => Promise<string>): Promise<Course> {
    const course = await transact(async (tx) => showCourse(tx, await work(tx), config))
    tagVersion(reply, course.version)
    return course
  }

  app.post(
    '/courses',
    {
      config: { policy: only('instructor', 'admin') },
      bodyLimit: largeBody,
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
      return write(reply, (tx) => createCourse(tx, actorOf(request), { ...request.body, site: config }))
    },
  )

  app.patch(
    '/courses/:id',
    {
      config: { policy: owner },
      bodyLimit: largeBody,
      schema: {
        operationId: 'changeCourse',
        summary: 'Change the given fields of a course; null takes one away',
        description: 'The price and the slug are for its lead instructors.',
        tags,
        params: Closed({ id: Id }),
        headers: IfMatchHeader,
        body: CourseChange,
        response: responses({ 200: Course }, forbidden, notFound, slugTaken, stale),
      },
    },
    async (request, reply) => {
      const { id: courseId } = request.params
      const ifMatch = request.headers['if-match']
      const input = { courseId, change: request.body, site: config, ifMatch }
      return write(reply, async (tx) => {
        await changeCourse(tx, actorOf(request), input)
        return courseId
      })
    },
  )

  app.put(
    '/courses/:id',
    {
      config: { policy: owner },
      bodyLimit: largeBody,
      schema: {
        operationId: 'replaceCourse',
        summary: 'Replace all fields of a course; what is not given is taken away, but for the slug',
        tags,
        params: Closed({ id: Id }),
        headers: IfMatchHeader,
        body: CourseReplacement,
        response: responses({ 200: Course }, forbidden, notFound, slugTaken, stale),
      },
    },
    async (request) => {
      const { id: courseId } = request.params
      const ifMatch = request.headers['if-match']
      const input = { courseId, change: asWhole(request.body), site: config, ifMatch }
      // No ETag: what is kept is not the very text that was sent (RFC 9110, section 9.3.4).
      return transact(async (tx) => {
        await changeCourse(tx, actorOf(request), input)
        return showCourse(tx, courseId, config)
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
        headers: IfMatchHeader,
        response: responses(
          {
            200: { ...Course, description: 'It is archived.' },
            204: Type.Null({ description: 'It is gone.' }),
          },
          forbidden,
          notFound,
          stale,
        ),
      },
    },
    async (request, reply) => {
      const { id: courseId } = request.params
      const input = { courseId, ifMatch: request.headers['if-match'] }
      const archived = await transact(async (tx) => {
        const outcome = await deleteCourse(tx, actorOf(request), input)
        return outcome === 'archived' ? showCourse(tx, courseId, config) : null
      })
      return archived ?? reply.code(204).send(null)
    },
  )

  app.post(
    '/courses/:id/duplicate',
    {
      config: { policy: owner },
      schema: {
        operationId: 'duplicateCourse',
        summary: 'Copy a course with its sections, lessons, materials and quizzes, as a draft',
        description: 'For its lead instructors; who copies leads the copy.',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 201: Course }, forbidden, notFound),
      },
    },
    async (request, reply) => {
      reply.code(201)
      return write(reply, (tx) => duplicateCourse(tx, actorOf(request), request.params.id))
    },
  )
}
