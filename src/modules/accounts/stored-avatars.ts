import type { Db } from '../../platform/database/database.ts'

const usersAtOnce = 1_000

/** The keys of all avatars; a page of them is in memory. */
export async function* storedAvatars(db: Db): AsyncGenerator<string> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const page = await db
      .selectFrom('users')
      .select(['id', 'avatar_key'])
      .where('avatar_key', 'is not', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(usersAtOnce)
      .execute()
    for (const { avatar_key } of page) if (avatar_key !== null) yield avatar_key
    const last = page.at(-1)
    if (!last || page.length < usersAtOnce) return
    after = last.id
  }
}
