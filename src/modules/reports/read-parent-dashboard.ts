import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type PageRequest, toPage } from '../../platform/http/pagination.ts'
import { noteLooks } from '../guardians/index.ts'
import { findChildren } from './dashboard-learner-queries.ts'

/** A page of a parent's children, with what each has come to. That they are looked at is noted before anything is shown. */
export async function readParentDashboard(tx: Tx, actor: Actor, { after, limit }: PageRequest<string>) {
  const rows = await findChildren(tx, actor.userId, { after, limit: limit + 1 }, actor.at)
  const page = toPage(rows, limit, (row) => row.link_id)
  const childIds = page.items.map(({ person }) => person.id)
  await noteLooks(tx, actor, { childIds, what: 'dashboard' })
  return page
}
