import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { visitor } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, Page, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import {
  findCourseFacts,
  findCourseOfSection,
  findLessons,
  findSections,
  isOwner,
  Lesson,
  ofCourse,
  presentLesson,
  presentSection,
  Section,
} from '../catalogue/index.ts'
import { findReadable } from '../enrollments/index.ts'

const tags = ['Catalogue and content']
const byId = { params: Closed({ id: Id }), querystring: Closed(pageQuery) }

/** What a course holds, as lists. Here and not in the catalogue, since a draft is there for those enrolled in it. */
export function contentsRoutes(app: App, { db, pages }: Deps): void {
  app.get(
    '/sections/:id',
    {
      config: { policy: visitor },
      schema: {
        operationId: 'listSections',
        summary: 'The sections of the course with this id, in order',
        tags,
        ...byId,
        response: responses({ 200: Page(Section) }, notFound),
      },
    },
    async (request, reply) => {
      const { limit, after } = readPage(request.query, isPositionKey)
      return pages.answer(request, reply, async () => {
        const course = await findReadable(db, request.actor, await findCourseFacts(db, request.params.id))
        const rows = await findSections(db, course.id, { after, limit: limit + 1 })
        const { items, nextCursor } = toPage(rows, limit, (row) => row.position)
        const { id, version } = course
        return { body: { items: items.map(presentSection), nextCursor }, of: ofCourse(id), version }
      })
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
        ...byId,
        response: responses({ 200: Page(Lesson) }, notFound),
      },
    },
    async (request, reply) => {
      const { limit, after } = readPage(request.query, isPositionKey)
      const { actor, params } = request
      return pages.answer(request, reply, async () => {
        const course = await findReadable(db, actor, await findCourseOfSection(db, params.id))
        const owned = isOwner(actor, course)
        const rows = await findLessons(db, params.id, { after, limit: limit + 1 })
        const { items, nextCursor } = toPage(rows, limit, (row) => row.position)
        const lessons = items.map((row) => presentLesson(row, { seesBody: owned || row.preview }))
        const { id, version } = course
        return { body: { items: lessons, nextCursor }, of: ofCourse(id), version }
      })
    },
  )
}

function isPositionKey(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 31
}
