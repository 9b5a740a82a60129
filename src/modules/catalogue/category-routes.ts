import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { anyone, only } from '../../platform/http/policy.ts'
import { notFound } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { findCategories } from './category-queries.ts'
import { changeCategory } from './change-category.ts'
import { createCategory } from './create-category.ts'
import { isCategoryKey } from './cursors.ts'
import { deleteCategory } from './delete-category.ts'
import { categoryCycle, categoryInUse, slugTaken } from './errors.ts'
import { ofCategories } from './page-subjects.ts'
import { presentCategory } from './present.ts'
import { Category, CategoryChange, CategoryPage, NewCategory } from './schemas.ts'

const tags = ['Catalogue and content']

export function categoryRoutes(app: App, { db, transact, pages }: Deps): void {
  app.get(
    '/categories',
    {
      config: { policy: anyone },
      schema: {
        operationId: 'listCategories',
        summary: 'The tree of categories, as a list by name',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: CategoryPage }),
      },
    },
    async (request, reply) => {
      const { limit, after } = readPage(request.query, isCategoryKey)
      return pages.answer(request, reply, async () => {
        const rows = await findCategories(db, { after, limit: limit + 1 })
        const { items, nextCursor } = toPage(rows, limit, (row) => [row.sorted_by, row.id])
        return { body: { items: items.map(presentCategory), nextCursor }, of: ofCategories }
      })
    },
  )

  app.post(
    '/categories',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'createCategory',
        summary: 'Make a category',
        tags,
        body: NewCategory,
        response: responses({ 201: Category }, slugTaken),
      },
    },
    async (request, reply) => {
      const category = await transact((tx) => createCategory(tx, actorOf(request), request.body))
      reply.code(201)
      return presentCategory(category)
    },
  )

  app.patch(
    '/categories/:id',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'changeCategory',
        summary: 'Rename a category, or move it with `parentId` (null: to the top)',
        tags,
        params: Closed({ id: Id }),
        body: CategoryChange,
        response: responses({ 200: Category }, notFound, slugTaken, categoryCycle),
      },
    },
    async (request) => {
      const input = { categoryId: request.params.id, change: request.body }
      return presentCategory(await transact((tx) => changeCategory(tx, actorOf(request), input)))
    },
  )

  app.delete(
    '/categories/:id',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'deleteCategory',
        summary: 'Delete a category that nothing is in',
        tags,
        params: Closed({ id: Id }),
        response: responses({ 204: Type.Null() }, notFound, categoryInUse),
      },
    },
    async (request, reply) => {
      await transact((tx) => deleteCategory(tx, actorOf(request), request.params.id))
      return reply.code(204).send(null)
    },
  )
}
