import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, readPage, toPage } from '../../platform/http/pagination.ts'
import { only } from '../../platform/http/policy.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed, Page, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { changeUser } from './change-user.ts'
import { createUser } from './create-user.ts'
import { eraseUser } from './erase-user.ts'
import { emailTaken, lastAdmin } from './errors.ts'
import { isFoundKey } from './page-keys.ts'
import { hashPassword } from './passwords.ts'
import { presentUser } from './present.ts'
import { findUser } from './queries.ts'
import { NewUser, User, UserChange, UserSearch } from './schemas.ts'
import { listUsers, searchUsers } from './search-queries.ts'

const tags = ['Users']
const params = Closed({ id: Id })

/** What admins do with other people's accounts. */
export function userRoutes(app: App, { config, db, replica, transact, revocations }: Deps): void {
  app.get(
    '/users',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'listUsers',
        summary: 'Search users by name or e-mail address',
        description: 'With `q`, those that fit best come first; without it, the newest.',
        tags,
        querystring: UserSearch,
        response: responses({ 200: Page(User) }),
      },
    },
    async (request) => {
      const { q, role, status, ...query } = request.query
      if (q === undefined) {
        const { limit, after } = readPage(query, isIdKey)
        const rows = await replica.read((near) =>
          listUsers(near, { role, status }, { after, limit: limit + 1 }),
        )
        const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
        return { items: items.map((row) => presentUser(row, config)), nextCursor }
      }
      const { limit, after } = readPage(query, isFoundKey)
      const rows = await replica.read((near) =>
        searchUsers(near, q, { role, status }, { after, limit: limit + 1 }),
      )
      const { items, nextCursor } = toPage(rows, limit, ({ rank, id }) => ({ rank, id }))
      return { items: items.map((row) => presentUser(row, config)), nextCursor }
    },
  )

  app.post(
    '/users',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'createUser',
        summary: 'Make an account for somebody, in any role',
        description:
          'Without a password, they are invited by mail: a link, valid for seven days, lets them choose one.',
        tags,
        body: NewUser,
        response: responses({ 201: User }, emailTaken),
      },
    },
    async (request, reply) => {
      const { email, name, role, password } = request.body
      const passwordHash = password === undefined ? null : await hashPassword(password, config.passwordCost)
      const user = await transact((tx) =>
        createUser(tx, actorOf(request), { email, name, role, passwordHash }),
      )
      reply.code(201)
      return presentUser(user, config)
    },
  )

  app.get(
    '/users/:id',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'getUser',
        summary: 'One user',
        tags,
        params,
        response: responses({ 200: User }, notFound),
      },
    },
    async (request) => {
      const user = await findUser(db, request.params.id)
      if (!user) throw refuse(notFound)
      return presentUser(user, config)
    },
  )

  app.patch(
    '/users/:id',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'updateUser',
        summary: "Change a user's name or role, suspend or restore them",
        description: 'Another role, or a suspension, ends all their sessions at once.',
        tags,
        params,
        body: UserChange,
        response: responses({ 200: User }, notFound, lastAdmin),
      },
    },
    async (request) => {
      const { user, ended } = await transact((tx) =>
        changeUser(tx, actorOf(request), { userId: request.params.id, wish: request.body }),
      )
      revocations.add(ended)
      return presentUser(user, config)
    },
  )

  app.delete(
    '/users/:id',
    {
      config: { policy: only('admin') },
      schema: {
        operationId: 'deleteUser',
        summary: 'Delete a user and erase what is personal',
        tags,
        params,
        response: responses({ 204: Type.Null() }, notFound, lastAdmin),
      },
    },
    async (request, reply) => {
      const ended = await transact((tx) => eraseUser(tx, actorOf(request), { userId: request.params.id }))
      if (!ended) throw refuse(notFound)
      revocations.add(ended)
      return reply.code(204).send(null)
    },
  )
}
