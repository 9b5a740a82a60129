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

/**
 * Whether a file says that it is longer than it is, or lacks what its format ends with. MP3, AAC, FLAC and text say nothing of their
 * length.
 */
export async function isCutOff(file: PartlyRead): Promise<boolean> {
  const { contentType, tail } = file
  if (isArchive(contentType)) return !isZip(tail)
  if (contentType === 'application/pdf') return !tail.subarray(-pdfWithin).includes('%%EOF')
  if (contentType === 'application/rtf') return !/\}[\s\0]*$/.test(tail.toString('latin1'))
  if (/mp4|m4v|m4a|quicktime/.test(contentType)) return (await endOfBoxes(file)) > file.bytes
  if (/webm|matroska/.test(contentType)) return (await endOfSegment(file)) > file.bytes
  if (contentType === 'audio/wav') return (await endOfRiff(file)) > file.bytes
  return contentType.endsWith('/ogg') && endsWithinPage(tail)
}

/** A film in fragments has thousands of boxes; so many are looked at. */
const mostBoxes = 100

/** Where the boxes at the top end (ISO/IEC 14496-12, section 4.2), 0 where none says. */
async function endOfBoxes({ bytes, read }: PartlyRead): Promise<number> {
  let at = 0
  for (let box = 0; box < mostBoxes && at + 8 <= bytes; box++) {
    const head = await read({ start: at, end: at + 15 })
    if (!/^[\w ]{4}$/.test(head.toString('latin1', 4, 8))) return 0
    const said = head.readUInt32BE(0)
    const size = said === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : said
    // The last one may reach as far as the file does, which is said by 0.
    if (size < 8) return 0
    at += size
  }
  return at
}

const ebmlHeader = 0x1a45dfa3
const segment = 0x18538067

/** Where the segment ends (RFC 8794, section 4; RFC 9559, section 5.1), 0 where it does not say. */
async function endOfSegment({ read }: PartlyRead): Promise<number> {
  let at = 0
  for (const wanted of [ebmlHeader, segment]) {
    const head = await read({ start: at, end: at + 11 })
    if (head.length < 12 || head.readUInt32BE(0) !== wanted) return 0
    const width = Math.clz32(head.readUInt8(4)) - 23
    if (width > 8) return 0
    const size = head.readBigUInt64BE(4) >> BigInt(8 * (8 - width))
    const most = (1n << BigInt(7 * width)) - 1n
    // All ones stand for a length that was not known when it was written.
    if ((size & most) === most) return 0
    at += 4 + width + Number(size & most)
  }
  return at
}

/** Programs that write into a pipe say this or more, having no way back to say better. */
const unknownLength = 0x7fff_0000

async function endOfRiff({ read }: PartlyRead): Promise<number> {
  const head = await read({ start: 0, end: 11 })
  const said = head.length < 12 ? 0 : head.readUInt32LE(4)
  return said < unknownLength ? said + 8 : 0
}

/** Whether the last page is not whole (RFC 3533, section 6); none is longer than the tail. */
function endsWithinPage(tail: Buffer): boolean {
  const page = tail.subarray(tail.lastIndexOf('OggS'))
  const lacings = page.subarray(27, 27 + (page[26] ?? 0))
  return page.length < 27 + (page[26] ?? 0) + lacings.reduce((sum, length) => sum + length, 0)
}
