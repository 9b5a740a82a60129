import type { Readable } from 'node:stream'

export interface Part {
  readonly bytes: Buffer
  readonly last: boolean
}

/**
 * A source in parts of the same size, one at least; the last has what is left. They take the memory of two parts for a source of
 * whatever size: who asks for a part is done with the one before the last.
 */
export async function* inParts(source: Readable | Buffer, partBytes: number): AsyncGenerator<Part> {
  if (Buffer.isBuffer(source) && source.length <= partBytes) {
    yield { bytes: source, last: true }
    return
  }
  // Not from the pool, and not made anew for each: what is let go of by megabytes stays until it is collected.
  let filling: Buffer = Buffer.allocUnsafeSlow(partBytes)
  let spare: Buffer | null = null
  let length = 0
  for await (const chunk of Buffer.isBuffer(source) ? [source] : source) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk)
    for (let at = 0; at < bytes.length; ) {
      if (length === partBytes) {
        yield { bytes: filling, last: false }
        const next = spare ?? Buffer.allocUnsafeSlow(partBytes)
        spare = filling
        filling = next
        length = 0
      }
      const taken = bytes.copy(filling, length, at)
      length += taken
      at += taken
    }
  }
  yield { bytes: filling.subarray(0, length), last: true }
}
