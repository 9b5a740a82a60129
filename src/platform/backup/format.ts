import { createHash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { constants, createZstdCompress } from 'node:zlib'
import type { Migrated } from '../database/migrate.ts'

/*
 * A backup file is a Zstandard file (RFC 8878) of three frames, so that `zstd -d` reads it too:
 *
 * 1. a skippable frame with the header, as JSON, which is read without unpacking anything;
 * 2. a compressed frame with the records: a byte for the kind, four for the length (big-endian), then the content;
 * 3. a skippable frame of 32 bytes: the SHA-256 of all bytes before it, so that nothing can be missing or another.
 */

/** Of the newest file that this program writes and reads. */
export const newestFormat = 1

export interface Header {
  readonly lectern: 'backup'
  readonly format: number
  /** ISO 8601: when the snapshot was taken. */
  readonly createdAt: string
  /** Those that the database had, in order; it is restored to exactly these. */
  readonly migrations: readonly Migrated[]
  /** The version of the server it was taken from, such as `18.4`. */
  readonly postgres: string
}

/** A part of the file, whose content follows as data. */
export type Part =
  /** The rows of a table in the text format of COPY, in the order of its key. */
  | { readonly part: 'table'; readonly name: string; readonly columns: readonly string[] }
  /** The jobs of the queue, as COPY: the table that `jobs.ts` describes. */
  | { readonly part: 'jobs' }
  /** A file of the media store. */
  | { readonly part: 'file'; readonly key: string; readonly contentType: string }

/** What a part came to. */
export interface Totals {
  /** The lines in it: of a table its rows, of a file nothing in particular. */
  readonly rows: number
  readonly bytes: number
  /** Of the part's bytes, in hexadecimal. */
  readonly sha256: string
}

/** Where a sequence stands. */
export interface SequenceValue {
  readonly name: string
  readonly last: string
}

export type Entry =
  | { readonly kind: 'begin'; readonly part: Part }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'end'; readonly totals: Totals }
  /** Some of the keys of all that the school keeps in the media store, whether the files are in here or not. */
  | { readonly kind: 'manifest'; readonly keys: readonly string[] }
  | { readonly kind: 'sequences'; readonly sequences: readonly SequenceValue[] }
  /** The last one. */
  | { readonly kind: 'done'; readonly parts: number }

export const kindCodes = { begin: 1, data: 2, end: 3, manifest: 4, sequences: 5, done: 6 } as const
export const recordHead = 5
/** No record is longer; what says it is, is damaged. */
export const mostRecordBytes = 16 * 1024 * 1024

const skippableMagic = 0x184d2a50
export const frameHead = 8
export const trailerBytes = frameHead + 32

/** RFC 8878, section 3.1.2. */
export function skippableFrame(content: Buffer): Buffer {
  const head = Buffer.alloc(frameHead)
  head.writeUInt32LE(skippableMagic, 0)
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat([head, content])
}

/** The length of the content of a skippable frame that begins here; null where none does. */
export function skippableLength(head: Buffer): number | null {
  return head.length >= frameHead && head.readUInt32LE(0) === skippableMagic ? head.readUInt32LE(4) : null
}

/** The bytes of a file, as its records come: memory does not grow with them. */
export async function* encodeBackup(header: Header, entries: AsyncIterable<Entry>): AsyncGenerator<Buffer> {
  const sha256 = createHash('sha256')
  const head = skippableFrame(Buffer.from(JSON.stringify(header)))
  sha256.update(head)
  yield head
  const compress = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } })
  const records = Readable.from(encodeEntries(entries), { objectMode: false, highWaterMark: 65_536 })
  // What fails before it destroys what comes after it with the same error, so that it is thrown below.
  pipeline(records, compress, () => undefined)
  for await (const chunk of compress) {
    sha256.update(chunk)
    yield chunk
  }
  yield skippableFrame(sha256.digest())
}

async function* encodeEntries(entries: AsyncIterable<Entry>): AsyncGenerator<Buffer> {
  for await (const entry of entries) {
    const content = entry.kind === 'data' ? entry.bytes : Buffer.from(JSON.stringify(contentOf(entry)))
    const head = Buffer.alloc(recordHead)
    head.writeUInt8(kindCodes[entry.kind], 0)
    head.writeUInt32BE(content.length, 1)
    yield head
    yield content
  }
}

function contentOf(entry: Exclude<Entry, { kind: 'data' }>): unknown {
  if (entry.kind === 'begin') return entry.part
  if (entry.kind === 'end') return entry.totals
  if (entry.kind === 'manifest') return entry.keys
  if (entry.kind === 'sequences') return entry.sequences
  return { parts: entry.parts }
}
