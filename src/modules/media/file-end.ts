import { isZip } from '../../platform/images/picture-rules.ts'
import type { ByteRange } from '../../platform/storage/storage.ts'
import { isArchive } from './rules.ts'

/** A file in the store, to be read in parts. */
export interface PartlyRead {
  readonly contentType: string
  readonly bytes: number
  /** Its last bytes, 64 KB of them. */
  readonly tail: Buffer
  read(range: ByteRange): Promise<Buffer>
}

/** Where readers of PDF look for its end (ISO 32000-1, annex H, note 18 of section H.3). */
const pdfWithin = 1_024

export interface FileEnd {
  /** It says that it is longer than it is, or lacks what its format ends with. */
  readonly isCutOff: boolean
  /** Something lies behind its end. */
  readonly isFollowed: boolean
}

/**
 * How a file ends, as far as its format tells. MP3, AAC, FLAC and text say nothing of their length; a PDF that was changed, and a film
 * that was written into a pipe, may go on.
 */
export async function findEnd(file: PartlyRead): Promise<FileEnd> {
  const { contentType, tail, bytes } = file
  if (isArchive(contentType)) return lacking(!isZip(tail))
  if (contentType === 'application/pdf') return lacking(!tail.subarray(-pdfWithin).includes('%%EOF'))
  if (contentType === 'application/rtf') return lacking(!/\}[\s\0]*$/.test(tail.toString('latin1')))
  const end = await endOf(file)
  return { isCutOff: end !== null && end > bytes, isFollowed: end !== null && end < bytes }
}

function lacking(isCutOff: boolean): FileEnd {
  return { isCutOff, isFollowed: false }
}

/** Where a recording ends, in bytes from its beginning; null where it does not say. */
async function endOf(file: PartlyRead): Promise<number | null> {
  const { contentType, bytes, tail } = file
  if (/mp4|m4v|m4a|quicktime/.test(contentType)) return endOfBoxes(file)
  if (/webm|matroska/.test(contentType)) return endOfSegment(file)
  if (contentType === 'audio/wav') return endOfRiff(file)
  return contentType.endsWith('/ogg') ? bytes - tail.length + endOfLastPage(tail) : null
}

/** A film in fragments has thousands of boxes; so many are looked at. */
const mostBoxes = 100

/** Where the boxes at the top end (ISO/IEC 14496-12, section 4.2). */
async function endOfBoxes({ bytes, tail, read }: PartlyRead): Promise<number | null> {
  let at = 0
  for (let box = 0; at + 8 <= bytes; box++) {
    if (box === mostBoxes) return null
    const head = await read({ start: at, end: at + 15 })
    const isBox = /^[\w ]{4}$/.test(head.toString('latin1', 4, 8))
    const said = head.readUInt32BE(0)
    // The last one may reach as far as the file does, which is said by 0.
    if (isBox && said === 0) return bytes
    const size = said === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : said
    if (!isBox || size < 8)
      return isPadding(tail.subarray(at - bytes)) && bytes - at <= tail.length ? bytes : at
    at += size
  }
  // Too little for another box.
  return Math.max(at, bytes)
}

/** Some cameras fill their last block up. */
function isPadding(rest: Buffer): boolean {
  return rest.every((byte) => byte === 0)
}

const ebmlHeader = 0x1a45dfa3
const segment = 0x18538067

/** Where the segment ends (RFC 8794, section 4; RFC 9559, section 5.1). */
async function endOfSegment({ read }: PartlyRead): Promise<number | null> {
  let at = 0
  for (const wanted of [ebmlHeader, segment]) {
    const head = await read({ start: at, end: at + 11 })
    if (head.length < 12 || head.readUInt32BE(0) !== wanted) return null
    const width = Math.clz32(head.readUInt8(4)) - 23
    if (width > 8) return null
    const size = head.readBigUInt64BE(4) >> BigInt(8 * (8 - width))
    const most = (1n << BigInt(7 * width)) - 1n
    // All ones stand for a length that was not known when it was written.
    if ((size & most) === most) return null
    at += 4 + width + Number(size & most)
  }
  return at
}

/** Programs that write into a pipe say this or more, having no way back to say better. */
const unknownLength = 0x7fff_0000

/** Where the one chunk that all others are in ends; it is made even by a byte that it does not count, and some leave out. */
async function endOfRiff({ bytes, read }: PartlyRead): Promise<number | null> {
  const head = await read({ start: 0, end: 11 })
  const said = head.length < 12 ? 0 : head.readUInt32LE(4)
  if (said === 0 || said >= unknownLength) return null
  const end = said + 8
  return bytes === end + (end % 2) ? bytes : end
}

/** Where the last page ends within the tail (RFC 3533, section 6), which is longer than any. */
function endOfLastPage(tail: Buffer): number {
  const at = tail.lastIndexOf('OggS')
  if (at === -1) return tail.length + 1
  const segments = tail[at + 26] ?? 0
  const lacings = tail.subarray(at + 27, at + 27 + segments)
  return at + 27 + segments + lacings.reduce((sum, length) => sum + length, 0)
}
