import { Type } from 'typebox'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { isIdKey, pageQuery, readPage, toPage } from '../../platform/http/pagination.ts'
import { related, signedIn } from '../../platform/http/policy.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { Closed, responses } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { blockPerson } from './block-person.ts'
import { findBlock, listBlocks } from './block-queries.ts'
import { presentBlock } from './present.ts'
import { Block, BlockList } from './schemas.ts'
import { unblockPerson } from './unblock-person.ts'

const tags = ['People']
const params = Closed({ userId: Id })

export function blockRoutes(app: App, { config, db, transact }: Deps): void {
  app.get(
    '/blocks',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'listBlocks',
        summary: 'Whom one has blocked, the last first',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: BlockList }),
      },
    },
    async (request) => {
      const { limit, after } = readPage(request.query, isIdKey)
      const rows = await listBlocks(db, actorOf(request).userId, { after, limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, (row) => row.id)
      return { items: items.map((row) => presentBlock(row, config)), nextCursor }
    },
  )

  app.post(
    '/blocks/:userId',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'blockPerson',
        summary: 'Hear nothing of somebody any more; ends friendship, chat, presence and calls at once',
        tags,
        params,
        response: responses(
          { 200: { ...Block, description: 'They were blocked before.' }, 201: Block },
          notFound,
        ),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { userId: otherId } = request.params
      return transact(async (tx) => {
        const isNew = await blockPerson(tx, actor, otherId)
        const block = await findBlock(tx, { userId: actor.userId, otherId })
        if (!block) throw refuse(notFound)
        reply.code(isNew ? 201 : 200)
        return presentBlock(block, config)
      })
    },
  )

  app.delete(
    '/blocks/:userId',
    {
      config: { policy: related('self') },
      schema: {
        operationId: 'unblockPerson',
        summary: 'Take back a block; the friendship that it ended is not made anew',
        tags,
        params,
        response: responses({ 204: Type.Null() }, notFound),
      },
    },
    async (request, reply) => {
      await transact((tx) => unblockPerson(tx, actorOf(request), request.params.userId))
      return reply.code(204).send(null)
    },
  )
}
