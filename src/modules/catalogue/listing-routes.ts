import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Db } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageBytes, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { anyone, only } from '../../platform/http/policy.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { serializerOf } from '../../platform/http/serialize.ts'

import { createCourseFinder } from './course-finder.ts'
import { cursorOf, isCatalogueCursor, markOf, readCursor } from './listing-cursor.ts'
import { readFilter } from './listing-filter.ts'
import { findCards, findTaught } from './listing-queries.ts'
import { CatalogueQuery, FacetQuery, Facets } from './listing-schemas.ts'
import { sortOf } from './listing-sorts.ts'
import { ofCourse, ofList, ofListing, ofPopularity } from './page-subjects.ts'
import { presentCourse, presentFacets } from './present.ts'
import { Course, CourseList, CourseStatus } from './schemas.ts'

const tags = ['Catalogue and content']
/** What lists show of a course, filtered like every answer. */
const writeCard = serializerOf(Course)

/** The lists of courses. */
export async function listingRoutes(app: App, deps: Deps): Promise<void> {
  const { config, db, pages, replica } = deps
  const finder = await createCourseFinder(deps)
  const cards = pages.keepParts(ofCourse)
  /** What strangers are answered is kept in memory, as exact: only what somebody who is signed in searches may be some seconds old. */
  const found = <T>({ actor }: FastifyRequest, find: (near: Db) => Promise<T>) =>
    actor ? replica.read(find) : find(db)

  app.get(
    '/courses',
    {
      config: { policy: anyone },
      schema: {
        operationId: 'listCourses',
        summary: 'The published courses: search, filter, sort',
        tags,
        querystring: CatalogueQuery,
        response: responses({ 200: CourseList }),
      },
    },
    async (request, reply) => {
      const { limit, after: cursor } = readPage(request.query, isCatalogueCursor)
      const { limit: _limit, cursor: _cursor, sort: wish, ...said } = request.query
      const filter = readFilter(said)
      const sort = sortOf(wish, filter)
      const list = markOf(filter, sort)
      const after = readCursor(cursor, list, sort)
      return pages.answer(request, reply, async () => {
        const rows = await found(request, (near) =>
          finder.page(near, filter, { sort, after, limit: limit + 1 }),
        )
        const { items, nextCursor } = toPage(rows, limit, (row) => cursorOf(list, row))
        const present = async (ids: readonly string[]) => {
          const courses = await findCards(db, ids)
          const shown = courses.map((course) => presentCourse(course, config, { owned: false }))
          return new Map(shown.map((course) => [course.id, writeCard(course)]))
        }
        const ids = items.map(({ id }) => id)
        return {
          body: pageBytes(await cards(ids, present), nextCursor),
          of: ofList(items, sort === 'popular' ? ofPopularity : ofListing),
        }
      })
    },
  )

  app.get(
    '/courses/facets',
    {
      config: { policy: anyone },
      schema: {
        operationId: 'countCourses',
        summary: 'How many courses a search finds, by category, level, language, tag and price',
        tags,
        querystring: FacetQuery,
        response: responses({ 200: Facets }),
      },
    },
    async (request, reply) => {
      const filter = readFilter(request.query)
      return pages.answer(request, reply, async () => {
        return {
          body: presentFacets(await found(request, (near) => finder.count(near, filter))),
          of: ofListing,
        }
      })
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
