import type { Db } from '../../platform/database/database.ts'
import type { NotificationKind } from '../../platform/database/schema.ts'
import { isMessageWaiting } from '../chat/index.ts'
import type { UnsentRow } from './digest-queries.ts'
import { findHeard, type PersonKind } from './find-heard.ts'
import { findOwnChildren } from './forget-children.ts'

type Filter = (db: Db, readerId: string, rows: readonly UnsentRow[]) => Promise<readonly UnsentRow[]>

/** Kinds whose facts can come to nothing before they are mailed. */
const filters: Readonly<Partial<Record<NotificationKind, Filter>>> = {
  friend_request: heardBy('friend_request'),
  missed_call: heardBy('missed_call'),
  async message(db, readerId, rows) {
    const unread = rows.filter((row) => row.read_at === null)
    const news: UnsentRow[] = []
    for (const row of await heardBy('message')(db, readerId, unread)) {
      const { conversationId } = row.data as { conversationId: string }
      if (await isMessageWaiting(db, { conversationId, readerId })) news.push(row)
    }
    return news
  },
  async child(db, readerId, rows) {
    const children = await findOwnChildren(db, readerId)
    return rows.filter(({ data }) => children.includes((data as { childId: string }).childId))
  },
}

function heardBy(kind: PersonKind): Filter {
  const personOf = ({ data }: UnsentRow) => (data as { userId: string }).userId
  return async (db, readerId, rows) => {
    const heard = await findHeard(db, kind, { readerId, personIds: rows.map(personOf) })
    return rows.filter((row) => heard.has(personOf(row)))
  }
}

/** What of all this is still to be mailed to its reader: not what they have seen meanwhile, nor of whom they hear no more. */
export async function findNews(
  db: Db,
  readerId: string,
  rows: readonly UnsentRow[],
): Promise<readonly UnsentRow[]> {
  const byKind = Map.groupBy(rows, (row) => row.kind)
  const news = new Set<UnsentRow>()
  for (const [kind, some] of byKind) {
    const kept = (await filters[kind]?.(db, readerId, some)) ?? some
    for (const row of kept) news.add(row)
  }
  return rows.filter((row) => news.has(row))
}
