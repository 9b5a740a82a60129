import { buffer } from 'node:stream/consumers'
import { badField, refuse, unsupportedMedia } from '../../platform/http/refusal.ts'
import { cleanPicture } from '../../platform/images/clean-picture.ts'
import { isPage, isZip, zipTailBytes } from '../../platform/images/picture-rules.ts'
import type { ByteRange, Storage } from '../../platform/storage/storage.ts'
import { isCutOff } from './cut-off.ts'
import { probeRecording } from './probe-recording.ts'
import { type FileType, isArchive, smallerKey, smallerWidths } from './rules.ts'
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
  if (contentType === 'application/pdf' && isPage(tail.subarray(tail.lastIndexOf('%%EOF'))))
    throw refuse(unsupportedMedia, 'The file is a page as well.')
  if (await isCutOff({ contentType, bytes, tail, read: readRange }))
    throw badField('/file', 'is cut off: send all of it')
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
