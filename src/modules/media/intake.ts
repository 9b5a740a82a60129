import { Readable } from 'node:stream'
import type { Actor } from '../../platform/actor.ts'
import type { Deps } from '../../platform/deps.ts'
import {
  badField,
  notFound,
  Refusal,
  refuse,
  tooLarge,
  unsupportedMedia,
} from '../../platform/http/refusal.ts'
import { deleteMedia } from './delete-media.ts'
import { examineFile } from './examine-file.ts'
import { findMedia, type MediaRow, updateStorageKey } from './queries.ts'
import { reserveMedia, reserveMore } from './reserve-media.ts'
import { type FileType, isMisnamed, keysOf, mostBytesOf, storageKeyOf } from './rules.ts'
import { settleMedia } from './settle-media.ts'
import { headBytes, sniff } from './sniff.ts'

export interface IncomingFile {
  readonly fileName: string | undefined
  /** What the sender says that it is: not believed, but it may not contradict. */
  readonly declaredType: string | null
  /** How many bytes come, as far as that is known before; no more than do come. */
  readonly bytes: number
  readonly source: AsyncIterable<Buffer>
}

/** Takes files in: between two transactions, with the bytes on their way from the sender to the store in between. */
export function createIntake({ config, db, storage, transact }: Deps) {
  const quotas = config.mediaQuotas

  /** Judged by its first bytes, room reserved, stored as it comes, examined: or it leaves nothing behind. */
  async function receive(actor: Actor, file: IncomingFile): Promise<MediaRow> {
    const chunks = file.source[Symbol.asyncIterator]()
    try {
      const head = await readHead(chunks)
      const type = await judge(head, file)
      const { fileName, bytes } = file
      if (bytes > mostBytesOf[type.kind]) throw overLimit(type)
      const media = await transact((tx) =>
        reserveMedia(tx, actor, { fileName, bytes, quotas, ending: type.ending, uploadMetadata: null }),
      )
      return await orDelete(actor, media, () =>
        keep(actor, media, type, metered(actor, media, type, head, chunks)),
      )
    } finally {
      await chunks.return?.()
    }
  }

  /** The same for one that came in parts, for which room was reserved when it began. */
  async function receiveWhole(
    actor: Actor,
    media: MediaRow,
    file: Pick<IncomingFile, 'declaredType' | 'source'>,
  ): Promise<MediaRow> {
    const chunks = file.source[Symbol.asyncIterator]()
    try {
      const take = async () => {
        const head = await readHead(chunks)
        const type = await judge(head, { fileName: media.file_name, declaredType: file.declaredType })
        if (media.bytes > mostBytesOf[type.kind]) throw overLimit(type)
        // Known before its bytes are there, so that they are found whatever happens.
        const named = { ...media, storage_key: storageKeyOf(media.id, type.ending) }
        await transact((tx) => updateStorageKey(tx, named))
        return keep(actor, named, type, metered(actor, named, type, head, chunks))
      }
      // Where it is not the file's fault (the store is away, too much is going on), what came stays for another try.
      return await orDelete(
        actor,
        media,
        take,
        (error) => error instanceof Refusal && error.kind.status < 500,
      )
    } finally {
      await chunks.return?.()
    }
  }

  async function orDelete(
    actor: Actor,
    media: MediaRow,
    work: () => Promise<MediaRow>,
    isOver: (error: unknown) => boolean = () => true,
  ): Promise<MediaRow> {
    try {
      return await work()
    } catch (error) {
      if (isOver(error)) await transact((tx) => deleteMedia(tx, actor, media.id))
      throw error
    }
  }

  async function keep(
    actor: Actor,
    media: MediaRow,
    type: FileType,
    source: AsyncIterable<Buffer>,
  ): Promise<MediaRow> {
    const { id, storage_key: key } = media
    const { contentType } = type
    const { bytes } = await storage.put(key, Readable.from(source, { objectMode: false }), { contentType })
    const file = await examineFile(storage, { key, type, bytes })
    const settled = await transact((tx) => settleMedia(tx, actor, { id, file }))
    // Asked twice at once, on two nodes, the first has done it already.
    const whole = settled ?? (await findMedia(db, id))
    if (whole) return whole
    // Deleted while it came.
    for (const left of keysOf(media)) await storage.delete(left)
    throw refuse(notFound)
  }

  async function* metered(
    actor: Actor,
    media: MediaRow,
    type: FileType,
    head: Buffer,
    chunks: AsyncIterator<Buffer>,
  ): AsyncGenerator<Buffer> {
    let { bytes: reserved } = media
    let received = 0
    for (let chunk: Buffer | undefined = head; chunk; chunk = await nextOf(chunks)) {
      received += chunk.length
      if (received > mostBytesOf[type.kind]) throw overLimit(type)
      while (received > reserved)
        reserved = await transact((tx) => reserveMore(tx, actor, { id: media.id, quotas }))
      yield chunk
    }
  }

  return { receive, receiveWhole }
}

export async function readHead(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  const head: Buffer[] = []
  let bytes = 0
  while (bytes < headBytes) {
    const chunk = await nextOf(chunks)
    if (!chunk) break
    head.push(chunk)
    bytes += chunk.length
  }
  if (bytes === 0) throw badField('/file', 'is empty')
  return Buffer.concat(head)
}

async function nextOf(chunks: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
  const { value, done } = await chunks.next()
  return done ? undefined : value
}

export async function judge(
  head: Buffer,
  { fileName = '', declaredType }: Pick<IncomingFile, 'fileName' | 'declaredType'>,
): Promise<FileType> {
  const type = await sniff(head)
  if (!type)
    throw refuse(
      unsupportedMedia,
      'Not a file that is kept: send an image, a video, audio, a PDF, an office document, a ZIP archive or plain text. Pages and SVG are not.',
    )
  if (isMisnamed(type, { fileName, declaredType }))
    throw refuse(
      unsupportedMedia,
      `“${fileName}” is called what it is not: its content is ${type.contentType}.`,
    )
  return type
}

export function overLimit({ kind }: FileType) {
  return refuse(tooLarge, `A file of kind ${kind} may have ${mostBytesOf[kind]} bytes.`, {
    members: { mostBytes: mostBytesOf[kind] },
  })
}
