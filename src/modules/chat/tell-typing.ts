import type { Actor } from '../../platform/actor.ts'
import type { Deps } from '../../platform/deps.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { findReachable } from './find-reachable.ts'
import { typingPush } from './pushes.ts'

const quietSeconds = 2

/** Tells somebody within reach that one types: at most every two seconds, and nowhere kept. That one stopped is told at once. */
export async function tellTyping(
  { db, cache, sockets }: Deps,
  actor: Actor,
  { to, typing }: { to: string; typing: boolean },
): Promise<void> {
  if (!(await findReachable(db, actor, [to])).has(to)) throw refuse(notFound)
  const key = `typing:${actor.userId}:${to}`
  const told = typing
    ? await cache.increment(key, quietSeconds).catch(() => null)
    : await cache.delete(key).catch(() => null)
  if (told && told.count > 1) return
  await sockets.push(typingPush, [to], { from: actor.userId, typing })
}
