import { Readable } from 'node:stream'
import { Type } from 'typebox'
import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import { Id, newId } from '../../platform/ids.ts'
import { addJob, defineJob } from '../../platform/jobs/jobs.ts'
import type { Quotas } from '../../platform/quotas.ts'
import { examineFile } from './examine-file.ts'
import { type IncomingFile, judge, overLimit, readHead } from './intake.ts'
import { findMedia, type MediaRow } from './queries.ts'
import { noRoom } from './reserve-media.ts'
import { keysOf, mostBytesOf, patienceMs, smallerWidths, storageKeyOf, tidyFileName } from './rules.ts'
import { settleMedia } from './settle-media.ts'
import { insertReserved, type Settled } from './usage-queries.ts'

/** A file that lies in the store, and belongs to nobody until it is kept. */
export interface StoredFile {
  readonly id: string
  readonly fileName: string
  readonly storageKey: string
  readonly file: Settled
}

export const removeUnkept = defineJob(
  'media.remove-unkept',
  Type.Object({ mediaId: Id, keys: Type.Array(Type.String()) }),
)

/**
 * Brings a file into the store before the transaction that keeps it, judged and examined as an upload is: for an operator who brings files
 * with what uses them, all or nothing. What is not kept within a day is removed.
 * @throws Refusal as an upload's
 */
export async function storeFile(
  { storage, transact, clock }: Pick<Deps, 'storage' | 'transact' | 'clock'>,
  incoming: IncomingFile,
): Promise<StoredFile> {
  const chunks = incoming.source[Symbol.asyncIterator]()
  try {
    const head = await readHead(chunks)
    const type = await judge(head, incoming)
    if (incoming.bytes > mostBytesOf[type.kind]) throw overLimit(type)
    const id = newId()
    const storageKey = storageKeyOf(id, type.ending)
    const keys = keysOf({ storage_key: storageKey, widths: smallerWidths })
    const runAt = new Date(clock.now().getTime() + patienceMs)
    await transact((tx) => addJob(tx, removeUnkept, { mediaId: id, keys }, { runAt }))
    const source = Readable.from(continued(head, chunks), { objectMode: false })
    const { bytes } = await storage.put(storageKey, source, { contentType: type.contentType })
    const file = await examineFile(storage, { key: storageKey, type, bytes })
    return { id, fileName: tidyFileName(incoming.fileName), storageKey, file }
  } finally {
    await chunks.return?.()
  }
}

/**
 * Makes a stored file an upload of this person.
 * @throws Refusal 413 `quota_exceeded`
 */
export async function keepFile(
  tx: Tx,
  actor: Actor,
  { stored, quotas }: { stored: StoredFile; quotas: Quotas },
): Promise<MediaRow> {
  const { id, fileName, storageKey, file } = stored
  const { userId, at } = actor
  const quota = quotas[actor.role]
  const wish = { id, userId, fileName, storageKey, bytes: file.bytes, quota, uploadMetadata: null, at }
  if (!(await insertReserved(tx, wish))) throw await noRoom(tx, actor, quota)
  const media = await settleMedia(tx, actor, { id, file })
  if (!media) throw new Error(`the file ${id} was settled by somebody else`)
  return media
}

export async function runRemoveUnkept(
  { db, storage }: Deps,
  { mediaId, keys }: { mediaId: string; keys: readonly string[] },
): Promise<void> {
  if (await findMedia(db, mediaId)) return
  for (const key of keys) await storage.delete(key)
}

async function* continued(head: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
}
