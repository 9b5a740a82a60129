import { createHash, type Hash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Config } from '../../platform/config.ts'
import { refuse, storeFull, tooLarge } from '../../platform/http/refusal.ts'
import { isDiskFull } from '../../platform/storage/store-failures.ts'
import { checksumMismatch } from './errors.ts'
import { openPart } from './part-files.ts'

interface Part {
  readonly id: string
  readonly offset: number
  /** Of the whole file, in bytes. */
  readonly length: number
  readonly source: Readable
  readonly checksum: { algorithm: string; digest: Buffer } | null
  /** Another request for the same upload has come: this one's client is gone. */
  readonly signal: AbortSignal
}

/**
 * Writes what comes behind what has come. What a client that went away has sent is kept, unless it came with a checksum.
 * @returns where the upload is now, safe on the disk; `broken` where not all came
 * @throws Refusal 413 for more than was told, 460 for a checksum that is not right, 507 where the disk is full: then nothing of the part is kept
 */
export async function appendPart(
  folder: Pick<Config, 'dataFolder'>,
  part: Part,
): Promise<{ offset: number; broken: boolean }> {
  try {
    return await append(folder, part)
  } catch (error) {
    throw isDiskFull(error) ? refuse(storeFull, storeFull.title, { retryAfterSeconds: 60 }) : error
  }
}

async function append(folder: Pick<Config, 'dataFolder'>, part: Part) {
  const file = await openPart(folder, part.id)
  try {
    const hash = part.checksum && createHash(part.checksum.algorithm)
    const { end, broken } = await write(file, part, hash)
    const isRight = !hash || (!broken && part.checksum?.digest.equals(hash.digest()) === true)
    const isOver = end > part.length
    if (!isRight || isOver) await file.truncate(part.offset)
    await file.datasync()
    if (isOver) throw refuse(tooLarge, `The upload was to have ${part.length} bytes.`)
    if (!isRight && !broken) throw refuse(checksumMismatch)
    return { offset: isRight ? end : part.offset, broken }
  } catch (error) {
    if (isDiskFull(error)) await file.truncate(part.offset)
    throw error
  } finally {
    await file.close()
  }
}

async function write(file: FileHandle, { source, signal, offset, length }: Part, hash: Hash | null) {
  let end = offset
  const stop = () => void source.destroy(new Error('another request goes on'))
  signal.addEventListener('abort', stop, { once: true })
  try {
    // Not destroyed where it cannot be written: the client is still to read why.
    for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (end + chunk.length > length) return { end: end + chunk.length, broken: false }
      hash?.update(chunk)
      for (let written = 0; written < chunk.length; ) {
        const { bytesWritten } = await file.write(chunk, written, chunk.length - written, end + written)
        written += bytesWritten
      }
      end += chunk.length
      forget(chunk)
    }
    return { end, broken: false }
  } catch (error) {
    if (source.errored) return { end, broken: true }
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/**
 * Gives the memory of a piece back at once: the garbage collector comes for it only when some sixty megabytes wait. A piece that came by
 * HTTP is a copy of its own (node_http_parser.cc, on_body); what shares its memory with others stays.
 */
function forget({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
