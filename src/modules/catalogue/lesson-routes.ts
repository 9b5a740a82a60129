import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { related, visitor } from '../../platform/http/policy.ts'
import { forbidden, notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { addLesson } from './add-lesson.ts'
import { changeLesson } from './change-lesson.ts'
import { isPositionKey } from './cursors.ts'
import { courseFull } from './errors.ts'
import { findLessons } from './lesson-queries.ts'
import { isOwner, requireVisible } from './policy.ts'
import { presentLesson } from './present.ts'
import { removeLesson } from './remove-lesson.ts'
import { Lesson, LessonChange, LessonList, NewLesson } from './schemas.ts'
import { findCourseOfSection } from './section-queries.ts'

const tags = ['Catalogue and content']
const owner = related('owner', 'instructor', 'admin')

export function lessonRoutes(app: App, { db, transact }: Deps): void {
  app.post(
    '/lessons',
    {
      config: { policy: owner },
      schema: {
        operationId: 'addLesson',
        summary: 'Add a lesson at the end of a section',
        tags,
        body: NewLesson,
        response: responses({ 201: Lesson }, forbidden, notFound, courseFull),
      },
    },
    async (request, reply) => {
      const lesson = await transact((tx) => addLesson(tx, actorOf(request), request.body))
      reply.code(201)
      return presentLesson(lesson, { seesBody: true })
    },
  )

  app.get(
    '/lessons/:id',
    {
      config: { policy: visitor },
      schema: {
        operationId: 'listLessons',
        summary: 'The lessons of the section with this id, in order',
        description: 'What they say is there for owners and, of previews, for everybody.',
        tags,
        params: Closed({ id: Id }),
        querystring: Closed(pageQuery),
        response: responses({ 200: LessonList }, notFound),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isPositionKey)
      const course = requireVisible(request.actor, await findCourseOfSection(db, request.params.id))
      const owns = isOwner(request.actor, course)
      const rows = await findLessons(db, request.params.id, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.position)
      return { items: items.map((row) => presentLesson(row, { seesBody: owns || row.preview })), nextCursor }
    },
  )

  app.patch(
    '/lessons/:id',
    {
      config: { policy: owner },
      schema: {
        operationId: 'changeLesson',
        summary: 'Change a lesson',
        tags,
        params: Closed({ id: Id }),
        body: LessonChange,
        response: responses({ 200: Lesson }, forbidden, notFound),
      },
    },
    async (request) => {
      const input = { lessonId: request.params.id, change: request.body }
      const lesson = await transact((tx) => changeLesson(tx, actorOf(request), input))
      return presentLesson(lesson, { seesBody: true })
    },
  )

  app.delete(
    '/lessons/:id',
    {
      config: { policy: owner },
      schema: {
        operationId: 'removeLesson',
        summary: 'Remove a lesson, and what students did in it',
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
