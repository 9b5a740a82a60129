import { createHash, type Hash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { createZstdDecompress } from 'node:zlib'
import { BackupError } from './backup-error.ts'
import {
  type Entry,
  frameHead,
  type Header,
  kindCodes,
  mostRecordBytes,
  newestFormat,
  type Part,
  recordHead,
  type SequenceValue,
  skippableFrame,
  skippableLength,
  type Totals,
  trailerBytes,
} from './format.ts'
import { countPart } from './part-totals.ts'

const mostHeaderBytes = 4 * 1024 * 1024

/** Opens a backup's bytes from their begin; a restore reads them more than once. */
export type OpenSource = () => Promise<Readable>

export interface OpenBackup {
  readonly header: Header
  /**
   * All that is in the file, in order. What is damaged is thrown at the latest at its end: nobody may rely on what it gave before it
   * has ended by itself.
   */
  readonly entries: AsyncGenerator<Entry>
}

/**
 * Reads a backup from its bytes, in constant memory.
 * @throws {BackupError} where it is empty, no backup, damaged, cut off, or of a newer format
 */
export async function readBackup(source: AsyncIterable<Buffer>): Promise<OpenBackup> {
  const chunks = source[Symbol.asyncIterator]()
  try {
    const { head, rest } = await readHead(chunks)
    const header = parseHeader(head)
    const sha256 = createHash('sha256').update(skippableFrame(head))
    return { header, entries: readEntries(packed(rest, chunks, sha256)) }
  } catch (error) {
    await chunks.return?.()
    throw error
  }
}

/**
 * Reads a backup to its end.
 * @returns what each part came to, by its name: `table users`, `jobs`, `file KEY`
 * @throws {BackupError} where anything of it is wrong
 */
export async function checkBackup(
  source: AsyncIterable<Buffer>,
): Promise<{ header: Header; parts: Map<string, Totals>; manifest: number }> {
  const { header, entries } = await readBackup(source)
  const parts = new Map<string, Totals>()
  let manifest = 0
  let name = ''
  for await (const entry of entries) {
    if (entry.kind === 'begin') name = nameOfPart(entry.part)
    else if (entry.kind === 'end') parts.set(name, entry.totals)
    else if (entry.kind === 'manifest') manifest += entry.keys.length
  }
  return { header, parts, manifest }
}

export function nameOfPart(part: Part): string {
  if (part.part === 'table') return `table ${part.name}`
  return part.part === 'file' ? `file ${part.key}` : 'jobs'
}

async function readHead(chunks: AsyncIterator<Buffer>): Promise<{ head: Buffer; rest: Buffer }> {
  let held: Buffer = Buffer.alloc(0)
  const fill = async (bytes: number): Promise<boolean> => {
    while (held.length < bytes) {
      const { value, done } = await chunks.next()
      if (done) return false
      held = Buffer.concat([held, value])
    }
    return true
  }
  if (!(await fill(frameHead))) {
    throw held.length === 0 ? new BackupError('The file is empty.') : notABackup()
  }
  const length = skippableLength(held)
  if (length === null || length > mostHeaderBytes) throw notABackup()
  if (!(await fill(frameHead + length))) throw damaged('it is cut off')
  return { head: held.subarray(frameHead, frameHead + length), rest: held.subarray(frameHead + length) }
}

function parseHeader(head: Buffer): Header {
  let header: Header
  try {
    header = JSON.parse(head.toString('utf8'))
  } catch {
    throw notABackup()
  }
  if (header?.lectern !== 'backup' || !Number.isInteger(header.format)) throw notABackup()
  if (header.format > newestFormat) {
    throw new BackupError(
      `The backup is of format ${header.format}, this Lectern reads ${newestFormat}: use a newer one.`,
    )
  }
  if (!Array.isArray(header.migrations)) throw damaged('its header is incomplete')
  return header
}

/** The bytes between the header and the trailer; at their end the trailer is held against all that went before it. */
async function* packed(first: Buffer, chunks: AsyncIterator<Buffer>, sha256: Hash): AsyncGenerator<Buffer> {
  let held = first
  try {
    for (;;) {
      const surplus = held.length - trailerBytes
      if (surplus > 0) {
        const given = held.subarray(0, surplus)
        sha256.update(given)
        yield given
        held = held.subarray(surplus)
      }
      const { value, done } = await chunks.next()
      if (done) break
      held = Buffer.concat([held, value])
    }
  } finally {
    await chunks.return?.()
  }
  if (!held.equals(skippableFrame(sha256.digest()))) throw damaged('its checksum is not that of its content')
}

async function* readEntries(source: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  const unpack = createZstdDecompress()
  pipeline(Readable.from(source), unpack, () => undefined)
  let part: ReturnType<typeof countPart> | null = null
  let parts = 0
  let ended = false
  try {
    for await (const entry of splitRecords(unpack)) {
      if (ended) throw damaged('something follows its end')
      if (entry.kind === 'begin') part = countPart()
      else if (entry.kind === 'data') part?.add(entry.bytes)
      else if (entry.kind === 'end') {
        if (!part || !isSame(part.totals(), entry.totals)) throw damaged('a part is not what it was')
        part = null
        parts += 1
      } else if (entry.kind === 'done') ended = entry.parts === parts
      yield entry
    }
  } catch (error) {
    throw isFromUnpacking(error) ? damaged('it cannot be unpacked') : error
  } finally {
    unpack.destroy()
  }
  if (!ended) throw damaged('it is cut off')
}

async function* splitRecords(source: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    for (;;) {
      if (held.length < recordHead) break
      const length = held.readUInt32BE(1)
      if (length > mostRecordBytes) throw damaged('a record is too long')
      if (held.length < recordHead + length) break
      yield parseRecord(held.readUInt8(0), held.subarray(recordHead, recordHead + length))
      held = held.subarray(recordHead + length)
    }
  }
  if (held.length > 0) throw damaged('it is cut off')
}

function parseRecord(code: number, content: Buffer): Entry {
  if (code === kindCodes.data) return { kind: 'data', bytes: content }
  const said = parseContent(content)
  if (code === kindCodes.begin) return { kind: 'begin', part: said as Part }
  if (code === kindCodes.end) return { kind: 'end', totals: said as Totals }
  if (code === kindCodes.manifest) return { kind: 'manifest', keys: said as string[] }
  if (code === kindCodes.sequences) return { kind: 'sequences', sequences: said as SequenceValue[] }
  if (code === kindCodes.done) return { kind: 'done', parts: (said as { parts: number }).parts }
  throw damaged('it has a record of an unknown kind')
}

function parseContent(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'))
  } catch {
    throw damaged('a record cannot be read')
  }
}

function isSame(a: Totals, b: Totals): boolean {
  return a.rows === b.rows && a.bytes === b.bytes && a.sha256 === b.sha256
}

function isFromUnpacking(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^(ZSTD|Z_)/.test(code)
}

function damaged(how: string): BackupError {
  return new BackupError(`The backup is damaged: ${how}. Nothing was changed; use another one.`)
}

function notABackup(): BackupError {
  return new BackupError('The file is no backup of Lectern, or its begin is damaged.')
}
