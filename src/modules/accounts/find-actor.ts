import type { Actor } from '../../platform/actor.ts'
import type { Db } from '../../platform/database/database.ts'
import { findUserByEmail } from './queries.ts'

/** The person with an e-mail address as somebody who acts: for commands of the operator, which no session is behind. */
export async function findActorByEmail(db: Db, email: string, at: Date): Promise<Actor | null> {
  const user = await findUserByEmail(db, email)
  if (user?.status !== 'active') return null
  return { userId: user.id, role: user.role, sessionId: null, at }
}
