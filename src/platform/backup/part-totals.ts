import { createHash } from 'node:crypto'
import type { Totals } from './format.ts'

const newline = 0x0a

/** Counts and hashes the bytes of a part as they go by. In the text format of COPY each row is one line. */
export function countPart(): {
  add(bytes: Buffer): void
  sofar(): Pick<Totals, 'rows' | 'bytes'>
  /** Once, at the end. */
  totals(): Totals
} {
  const sha256 = createHash('sha256')
  let bytes = 0
  let rows = 0
  return {
    add(chunk) {
      sha256.update(chunk)
      bytes += chunk.length
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) rows += 1
    },
    sofar: () => ({ rows, bytes }),
    totals: () => ({ rows, bytes, sha256: sha256.digest('hex') }),
  }
}
