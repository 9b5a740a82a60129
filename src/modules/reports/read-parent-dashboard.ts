import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { type PageRequest, toPage } from '../../platform/http/pagination.ts'
import { noteLooks } from '../guardians/index.ts'
import { findChildren } from './dashboard-learner-queries.ts'

/** A page of a parent's children, with what each has come to. That they are looked at is noted before anything is shown. */
export async function readParentDashboard(db: Db, actor: Actor, { after, limit }: PageRequest<string>) {
  const rows = await findChildren(db, actor.userId, { after, limit: limit + 1 }, actor.at)
  const page = toPage(rows, limit, (row) => row.link_id)
  await noteLooks(db, actor, { childIds: page.items.map(({ person }) => person.id), what: 'dashboard' })
  return page
}
