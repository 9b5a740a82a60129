import { Readable } from 'node:stream'
import { Type } from 'typebox'
import type { Actor, Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import { Id, newId } from '../../platform/ids.ts'
import { addJob, defineJob } from '../../platform/jobs/jobs.ts'
import type { Quotas } from '../../platform/quotas.ts'
import type { Storage } from '../../platform/storage/storage.ts'
import { examineFile } from './examine-file.ts'
import { type IncomingFile, judge, overLimit, readHead } from './intake.ts'
import { findMedia, type MediaRow } from './queries.ts'
import { noRoom } from './reserve-media.ts'
import { type FileType, keysOf, mostBytesOf, patienceMs, storageKeyOf, tidyFileName } from './rules.ts'
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

/** A file that was judged by its first bytes, and has a place in the store to go to. */
export interface JudgedFile {
  readonly id: string
  readonly fileName: string
  readonly storageKey: string
  readonly type: FileType
  readonly source: AsyncGenerator<Buffer>
}

/**
 * Judges a file that an operator brings with what uses it, as an upload is judged. Its way is: `judgeFile`, `expectFile` in a transaction, `storeFile`
 * outside one, and `keepFile` in the transaction that uses it.
 * @throws Refusal as an upload's
 */
export async function judgeFile(incoming: IncomingFile): Promise<JudgedFile> {
  const chunks = incoming.source[Symbol.asyncIterator]()
  try {
    const head = await readHead(chunks)
    const type = await judge(head, incoming)
    if (incoming.bytes > mostBytesOf[type.kind]) throw overLimit(type)
    const id = newId()
    const storageKey = storageKeyOf(id, type.ending)
    return {
      id,
      fileName: tidyFileName(incoming.fileName),
      storageKey,
      type,
      source: continued(head, chunks),
    }
  } catch (error) {
    await chunks.return?.()
    throw error
  }
}

/** What is stored of the file, and not kept within a day, is removed. */
export async function expectFile(tx: Tx, cause: Cause, { id, storageKey }: JudgedFile): Promise<void> {
  const keys = keysOf({ status: 'uploading', storage_key: storageKey, widths: [] })
  const runAt = new Date(cause.at.getTime() + patienceMs)
  await addJob(tx, removeUnkept, { mediaId: id, keys }, { runAt })
}

/**
 * Stores the file and examines it.
 * @throws Refusal as an upload's
 */
export async function storeFile(storage: Storage, judged: JudgedFile): Promise<StoredFile> {
  const { id, fileName, storageKey, type, source } = judged
  const stream = Readable.from(source, { objectMode: false })
  const { bytes } = await storage.put(storageKey, stream, { contentType: type.contentType })
  const file = await examineFile(storage, { key: storageKey, type, bytes })
  return { id, fileName, storageKey, file }
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
  try {
    yield head
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
  } finally {
    await chunks.return?.()
  }
}
