import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { largeBody } from '../../platform/http/body-limits.ts'
import { tagVersion } from '../../platform/http/etag.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { IfMatchHeader, stale } from '../../platform/http/if-match.ts'
import { related } from '../../platform/http/policy.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { addLesson } from './add-lesson.ts'
import { changeLesson } from './change-lesson.ts'
import { courseFull, lessonHasQuiz } from './errors.ts'
import { presentLesson } from './present.ts'
import { removeLesson } from './remove-lesson.ts'
import { Lesson, LessonChange, NewLesson, versionOfCourse } from './schemas.ts'

const tags = ['Catalogue and content']
const owner = related('owner', 'instructor', 'admin')

export function lessonRoutes(app: App, { config, transact }: Deps): void {
  app.post(
    '/lessons',
    {
      config: { policy: owner },
      bodyLimit: largeBody,
      schema: {
        operationId: 'addLesson',
        summary: 'Add a lesson at the end of a section',
        tags,
        body: NewLesson,
        response: responses({ 201: Lesson }, forbidden, notFound, courseFull),
      },
    },
    async (request, reply) => {
      const input = { ...request.body, site: config }
      const lesson = await transact((tx) => addLesson(tx, actorOf(request), input))
      reply.code(201)
      return presentLesson(lesson, { seesBody: true })
    },
  )

  app.patch(
    '/lessons/:id',
    {
      config: { policy: owner },
      bodyLimit: largeBody,
      schema: {
        operationId: 'changeLesson',
        summary: 'Change a lesson',
        description: versionOfCourse,
        tags,
        params: Closed({ id: Id }),
        headers: IfMatchHeader,
        body: LessonChange,
        response: responses({ 200: Lesson }, forbidden, notFound, lessonHasQuiz, stale),
      },
    },
    async (request, reply) => {
      const input = {
        lessonId: request.params.id,
        change: request.body,
        site: config,
        ifMatch: request.headers['if-match'],
      }
      const { lesson, version } = await transact((tx) => changeLesson(tx, actorOf(request), input))
      tagVersion(reply, version)
      return presentLesson(lesson, { seesBody: true })
    },
  )

  app.delete(
    '/lessons/:id',
    {
      config: { policy: owner },
      schema: {
        operationId: 'removeLesson',
        summary: 'Remove a lesson, and the progress in it; attempts at its quiz stay',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 204: Type.Null() }, forbidden, notFound),
      },
    },
    async (request, reply) => {
      await transact((tx) => removeLesson(tx, actorOf(request), request.params.id))
      return reply.code(204).send(null)
    },
  )
}
