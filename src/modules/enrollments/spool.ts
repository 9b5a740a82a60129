import { createHash, randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { badField, refuse, tooLarge } from '../../platform/http/refusal.ts'

export interface Spooled {
  readonly bytes: number
  /** SHA-256, in hexadecimal digits. */
  readonly digest: string
  read(): AsyncIterable<Uint8Array>
  /** Frees the space; may be called at any time and more than once. */
  close(): Promise<void>
}

/**
 * Puts an upload into a temporary file: it is judged by its size before anything is done with it, and a client that sends everything
 * before it reads the answer, as browsers do, cannot block an answer that is longer than the buffers in between.
 * @throws Refusal 413 where it is longer than `mostBytes`
 */
export async function spool(upload: Readable, mostBytes: number): Promise<Spooled> {
  const path = join(tmpdir(), `lectern-${randomUUID()}.csv`)
  const file = await open(path, 'wx+', 0o600)
  // Without a name it is gone with its handle, whatever ends the process.
  await rm(path, { force: true })
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const chunk of upload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > mostBytes) throw refuse(tooLarge, `The file is longer than ${mostBytes} bytes.`)
      hash.update(chunk)
      await file.write(chunk)
    }
  } catch (error) {
    await file.close()
    // What still comes is thrown away, so that the client gets to read the answer.
    upload.resume()
    throw upload.errored ? badField('', 'The upload broke off.') : error
  }
  return {
    bytes,
    digest: hash.digest('hex'),
    read: () => file.createReadStream({ start: 0, autoClose: false }),
    close: () => file.close(),
  }
}
