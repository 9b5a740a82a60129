import type { Db } from '../../platform/database/database.ts'
import { listLinks } from './queries.ts'

const most = 1_000

/** For the archive of a person: whose guardian they are, and who theirs are. */
export async function guardianData(db: Db, userId: string): Promise<Record<string, unknown>> {
  const [children, guardians] = await Promise.all([
    listLinks(db, 'parent_id', userId, { after: null, limit: most }),
    listLinks(db, 'child_id', userId, { after: null, limit: most }),
  ])
  return {
    children: children.map(({ child_id, created_at }) => ({ childId: child_id, since: created_at })),
    guardians: guardians.map(({ parent_id, created_at }) => ({ parentId: parent_id, since: created_at })),
  }
}
