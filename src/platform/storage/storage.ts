import type { Readable } from 'node:stream'

/** Bytes of any size under keys that the program chooses. Streams only: nothing is ever whole in memory. */
export interface Storage {
  /**
   * Keeps all of `source` under `key`, replacing what was there, and resolves when it is safe there. If the source
   * fails, or the process dies, the key holds what it held before.
   * @throws RangeError for a key (see `checkKey`) or a content type that cannot be kept
   */
  put(key: string, source: Readable | Buffer, options: { contentType: string }): Promise<{ bytes: number }>
  /**
   * The object, or null where the key has none. The caller reads or destroys the stream.
   * @throws RangeError for a range that is none, or that begins at or after the object's end (HTTP 416)
   */
  open(key: string, range?: ByteRange): Promise<StoredObject | null>
  /** Afterwards the key has no object, whether it had one or not. */
  delete(key: string): Promise<void>
}

/** From byte `start` to byte `end`, both included, counted from 0, as in HTTP (RFC 9110, section 14.1.2). */
export interface ByteRange {
  readonly start: number
  /** May lie behind the object's last byte, which then ends the range. */
  readonly end: number
}

export interface StoredObject {
  readonly stream: Readable
  /** How many bytes the stream gives: Content-Length. */
  readonly bytes: number
  /** How many the whole object has: the end of Content-Range. */
  readonly totalBytes: number
  readonly contentType: string
}

const name = '[a-z0-9][a-z0-9_-]*(?:[.][a-z0-9_-]+)*'
const shape = new RegExp(`^${name}(?:/${name})*$`)

/**
 * Throws a RangeError unless the key is 1 to 500 characters of names joined by `/`; a name is of `a-z 0-9 _ - .`, begins
 * with a letter or digit and has no dot at its end or beside another. So a key is safe as a path and as an S3 name.
 */
export function checkKey(key: string): void {
  if (key.length > 500 || !shape.test(key)) throw new RangeError(`not a storage key: ${JSON.stringify(key)}`)
}

/** Throws a RangeError unless both ends are whole numbers from 0 on, in order. */
export function checkRange({ start, end }: ByteRange): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) {
    throw new RangeError(`not a range of bytes: ${start}-${end}`)
  }
}
