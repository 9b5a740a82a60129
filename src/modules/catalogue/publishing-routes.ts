import type { FastifyReply } from 'fastify'
import type { Tx } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { tagVersion } from '../../platform/http/etag.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { related } from '../../platform/http/policy.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import type { Module } from '../../platform/module.ts'
import { courseClosed, courseIncomplete } from './errors.ts'
import { publishCourse } from './publish-course.ts'
import { Course } from './schemas.ts'
import { showCourse } from './show-course.ts'
import { unpublishCourse } from './unpublish-course.ts'

const tags = ['Catalogue and content']
const owner = related('owner', 'instructor', 'admin')

/** Showing a course and taking it back. Every module may say what a course lacks, so they are all given. */
export function publishingRoutes(app: App, { config, transact }: Deps, modules: readonly Module[]): void {
  async function write(
    reply: FastifyReply,
    courseId: string,
    work: (tx: Tx) => Promise<void>,
  ): Promise<Course> {
    const course = await transact(async (tx) => {
      await work(tx)
      return showCourse(tx, courseId, config)
    })
    tagVersion(reply, course.version)
    return course
  }

  app.post(
    '/courses/:id/publish',
    {
      config: { policy: owner },
      schema: {
        operationId: 'publishCourse',
        summary: 'Show a course to everybody',
        description:
          'A 409 `course_incomplete` lists in `missing` what it lacks: `no_section`, `no_lesson`, `no_quiz`; for the last, `hindrances` names each lesson of the type quiz that has none.',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: Course }, forbidden, notFound, courseIncomplete, courseClosed),
      },
    },
    async (request, reply) => {
      const { id: courseId } = request.params
      return write(reply, courseId, (tx) => publishCourse(tx, actorOf(request), { courseId, modules }))
    },
  )

  app.post(
    '/courses/:id/unpublish',
    {
      config: { policy: owner },
      schema: {
        operationId: 'unpublishCourse',
        summary: 'Take a course back into draft, also an archived one; who is enrolled stays so',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 200: Course }, forbidden, notFound),
      },
    },
    async (request, reply) => {
      const { id: courseId } = request.params
      return write(reply, courseId, (tx) => unpublishCourse(tx, actorOf(request), courseId))
    },
  )
}
