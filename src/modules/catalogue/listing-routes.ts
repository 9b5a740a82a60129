import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { anyone, only } from '../../platform/http/policy.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { isCatalogueKey, isIdKey } from './cursors.ts'
import { findPublished, findTaught } from './listing-queries.ts'
import { presentCourse } from './present.ts'
import { CourseLevel, CourseList, CourseStatus } from './schemas.ts'

const tags = ['Catalogue and content']

const CatalogueQuery = Closed({
  ...pageQuery,
  q: Type.Optional(
    Type.String({ maxLength: 200, description: 'Words, or parts of them, of the title or subtitle.' }),
  ),
  category: Type.Optional(
    Type.String({ maxLength: 80, description: 'Slug or id; what is below it is included.' }),
  ),
  level: Type.Optional(CourseLevel),
  language: Type.Optional(Type.String({ maxLength: 35 })),
  free: Type.Optional(Type.Boolean()),
})

/** The lists of courses. */
export function listingRoutes(app: App, { config, db }: Deps): void {
  app.get(
    '/courses',
    {
      config: { policy: anyone },
      schema: {
        operationId: 'listCourses',
        summary: 'The published courses, newest first',
        tags,
        querystring: CatalogueQuery,
        response: responses({ 200: CourseList }),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isCatalogueKey)
      const rows = await findPublished(db, request.query, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.published_at?.getTime(), row.id])
      return { items: items.map((row) => presentCourse(row, config, { owned: false })), nextCursor }
    },
  )

  app.get(
    '/courses/mine',
    {
      config: { policy: only('instructor', 'admin') },
      schema: {
        operationId: 'listMyCourses',
        summary: 'The courses that one teaches, drafts too, newest first',
        tags,
        querystring: Closed({ ...pageQuery, status: Type.Optional(CourseStatus) }),
        response: responses({ 200: CourseList }),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isIdKey)
      const { userId } = actorOf(request)
      const rows = await findTaught(db, userId, request.query, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: items.map((row) => presentCourse(row, config, { owned: true })), nextCursor }
    },
  )
}
