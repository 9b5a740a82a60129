import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type PageRequest, toPage } from '../../platform/http/pagination.ts'
import { listLinks, noteLooks } from '../guardians/index.ts'
import { findLearners } from './dashboard-learner-queries.ts'

/** A page of a parent's children, with what each has come to. That they are looked at is noted before anything is shown. */
export async function readParentDashboard(tx: Tx, actor: Actor, { after, limit }: PageRequest<string>) {
  const links = await listLinks(tx, 'parent_id', actor.userId, { after, limit: limit + 1 })
  const { items, nextCursor } = toPage(links, limit, (link) => link.id)
  const childIds = items.map((link) => link.child_id)
  const learners = new Map((await findLearners(tx, childIds, actor.at)).map((row) => [row.person.id, row]))
  await noteLooks(tx, actor, { childIds, what: 'dashboard' })
  const children = items.flatMap((link) => {
    const row = learners.get(link.child_id)
    return row ? [{ link, row }] : []
  })
  return { children, nextCursor }
}
