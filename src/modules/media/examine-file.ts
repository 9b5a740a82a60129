import { buffer } from 'node:stream/consumers'
import { badField, refuse, unsupportedMedia } from '../../platform/http/refusal.ts'
import { cleanPicture } from '../../platform/images/clean-picture.ts'
import { isPage, isZip, zipTailBytes } from '../../platform/images/picture-rules.ts'
import type { ByteRange, Storage } from '../../platform/storage/storage.ts'
import { findEnd } from './file-end.ts'
import { probeRecording } from './probe-recording.ts'
import { type FileType, isArchive, smallerKey, smallerWidths } from './rules.ts'
import { headBytes } from './sniff.ts'
import type { Settled } from './usage-queries.ts'

interface StoredFile {
  readonly key: string
  readonly type: FileType
  readonly bytes: number
}

const plain = { widths: [], width: null, height: null, duration_seconds: null, failure_reason: null }

/**
 * Looks at a file that lies in the store, and changes it there where it must: an image loses all but its pixels and gets smaller
 * ones beside it.
 * @throws Refusal 415 where it is two kinds of file at once, 400 where it is cut off, or an image that cannot be read
 */
export async function examineFile(storage: Storage, file: StoredFile): Promise<Settled> {
  const { kind, contentType } = file.type
  const facts = { ...plain, kind, content_type: contentType, bytes: file.bytes }
  if (kind === 'image') return { ...facts, ...(await examineImage(storage, file)) }
  await refusePartOrMore(storage, file)
  return kind === 'document' ? facts : { ...facts, ...(await examineRecording(storage, file)) }
}

async function examineImage(storage: Storage, { key, type, bytes }: StoredFile) {
  const picture = await cleanPicture(() => read(storage, key), type.contentType, smallerWidths)
  const { redrawn, width, height, smaller } = picture
  for (const { width: to, bytes: drawn } of smaller)
    await storage.put(smallerKey(key, to), drawn, { contentType: 'image/webp' })
  if (redrawn) await storage.put(key, redrawn, { contentType: type.contentType })
  return { width, height, widths: smaller.map((drawn) => drawn.width), bytes: redrawn?.length ?? bytes }
}

async function refusePartOrMore(storage: Storage, { key, bytes, type }: StoredFile): Promise<void> {
  const { contentType } = type
  const readRange = (range: ByteRange) => read(storage, key, range)
  const tail = await readRange({ start: Math.max(0, bytes - zipTailBytes), end: bytes })
  if (!isArchive(contentType) && isZip(tail))
    throw refuse(unsupportedMedia, 'The file is an archive as well.')
  const head = await readRange({ start: 0, end: headBytes - 1 })
  const ends = [besideContent(head), besideContent(bytes > tail.length ? fromWithin(tail) : tail)]
  if (contentType === 'application/pdf' && ends.some(isPage))
    throw refuse(unsupportedMedia, 'The file is a page as well.')
  const isRecording = type.kind === 'video' || type.kind === 'audio'
  if (isRecording && isPage(tail)) throw refuse(unsupportedMedia, 'The file is a page as well.')
  if (isRecording && tail.includes('%PDF-')) throw refuse(unsupportedMedia, 'The file is a PDF as well.')
  const { isCutOff, isFollowed } = await findEnd({ contentType, bytes, tail, read: readRange })
  if (isCutOff) throw badField('/file', 'is cut off: send all of it')
  if (isFollowed) throw refuse(unsupportedMedia, 'Something else lies behind the end of the file.')
}

/**
 * A piece of a PDF without its streams and strings (ISO 32000-1, sections 7.3.8 and 7.3.4): a course on the web has markup in its pages
 * and in the names of its chapters.
 */
function besideContent(piece: Buffer): Buffer {
  const text = piece
    .toString('latin1')
    .replaceAll(/\bstream\r?\n[\s\S]*?(?:endstream|$)/g, '')
    .replaceAll(/\((?:[^()\\]|\\[\s\S])*\)/g, '')
  return Buffer.from(text, 'latin1')
}

/** The same piece, from where the stream ends that it begins within. */
function fromWithin(piece: Buffer): Buffer {
  const end = piece.indexOf('endstream')
  const begin = /\bstream\r?\n/.exec(piece.toString('latin1'))?.index ?? piece.length
  return end !== -1 && end < begin ? piece.subarray(end) : piece
}

async function examineRecording(storage: Storage, { key, type, bytes }: StoredFile) {
  const recording = await probeRecording(storage, key, bytes)
  if (!recording) return { failure_reason: 'It cannot be played: it is damaged, or has no track.' }
  const { durationSeconds, width, height } = recording
  const isSound = type.kind === 'audio' || width === null
  return {
    duration_seconds: durationSeconds,
    ...(isSound
      ? { kind: 'audio' as const, content_type: type.contentType.replace('video/', 'audio/') }
      : { width, height }),
  }
}

async function read(storage: Storage, key: string, range?: ByteRange): Promise<Buffer> {
  const object = await storage.open(key, range)
  if (!object) throw new Error(`${key} is gone`)
  return buffer(object.stream)
}
