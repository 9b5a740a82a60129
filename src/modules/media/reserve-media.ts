import type { Actor } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import { notFound, type Refusal, refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import type { Quotas } from '../../platform/quotas.ts'
import { quotaExceeded } from './errors.ts'
import { findMedia, type MediaRow } from './queries.ts'
import { storageKeyOf, tidyFileName } from './rules.ts'
import { findUsage, insertReserved, updateReserved } from './usage-queries.ts'

interface NewUpload {
  readonly fileName: string | undefined
  readonly bytes: number
  readonly quotas: Quotas
  /** As the type has it; null where that is not known yet. */
  readonly ending: string | null
  /** Of one that comes in parts: what the client says of it. */
  readonly uploadMetadata: string | null
}

/**
 * Begins an upload: its bytes are taken out of the person's quota before the first of them is stored.
 * @throws Refusal 413 `quota_exceeded` that says how many bytes are left
 */
export async function reserveMedia(tx: Tx, actor: Actor, input: NewUpload): Promise<MediaRow> {
  const { fileName, bytes, quotas, ending, uploadMetadata } = input
  const { userId, at } = actor
  const id = newId()
  const quota = quotas[actor.role]
  const media = await insertReserved(tx, {
    id,
    userId,
    fileName: tidyFileName(fileName),
    storageKey: storageKeyOf(id, ending),
    bytes,
    quota,
    uploadMetadata,
    at,
  })
  if (!media) throw await noRoom(tx, actor, quota)
  return media
}

const stepBytes = 16 * 1024 ** 2

/** Takes room for more of an upload than was known to come. @returns how many bytes are reserved now */
export async function reserveMore(
  tx: Tx,
  actor: Actor,
  input: { id: string; quotas: Quotas },
): Promise<number> {
  const quota = input.quotas[actor.role]
  const bytes = await updateReserved(tx, { id: input.id, wish: stepBytes, quota, at: actor.at })
  if (bytes !== undefined) return bytes
  throw (await findMedia(tx, input.id)) ? await noRoom(tx, actor, quota) : refuse(notFound)
}

export async function noRoom(db: Db, actor: Actor, quotaBytes: number): Promise<Refusal> {
  const leftBytes = Math.max(0, quotaBytes - (await findUsage(db, actor.userId)))
  return refuse(quotaExceeded, `You have ${leftBytes} of ${quotaBytes} bytes left.`, {
    members: { leftBytes, quotaBytes },
  })
}
