import { randomFillSync } from 'node:crypto'
import { Type } from 'typebox'
import { v7 } from 'uuid'

const bytesOfId = 16
// Every request has an id, and to ask for 16 random bytes takes as long as to ask for 4,096.
const pool = new Uint8Array(256 * bytesOfId)
let taken = pool.length
let msecs = 0
let seq = 0

/** Random bytes that nobody had before. */
function drawRandom(): Uint8Array {
  if (taken === pool.length) {
    randomFillSync(pool)
    taken = 0
  }
  taken += bytesOfId
  return pool.subarray(taken - bytesOfId, taken)
}

/**
 * A new UUIDv7 (RFC 9562, section 5.7): its order is the order of creation, which keyset pages rely on. Within one process that holds
 * for ids of the same millisecond too (section 6.2, a counter), which `randomUUIDv7` of `node:crypto` does not promise.
 */
export function newId(): string {
  const random = drawRandom()
  const now = Date.now()
  if (now > msecs) {
    msecs = now
    // 31 of its 32 bits, so that there is room to count.
    seq = new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1
  } else {
    seq = (seq + 1) | 0
    if (seq === 0) msecs++
  }
  return v7({ random, msecs, seq })
}

const pattern = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
const expression = new RegExp(pattern)

/** The wire shape of an id. */
export const Id = Type.String({ pattern, examples: ['019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01'] })

/** Whether a text can be an id at all; asking the database about anything else is an error there. */
export function isId(text: string): boolean {
  return expression.test(text)
}
