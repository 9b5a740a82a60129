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
  /** What `open` would say of the object, without its bytes; null where the key has none. */
  head(key: string): Promise<StoredHead | null>
  /**
   * An address at the store itself, where whoever has it may GET the object, whole or by ranges, for so many seconds (1 to
   * 604,800: 7 days); null where the store has none, so that the program has to serve the bytes. It is signed here, without
   * asking the store: the address of a key without an object answers 404 there. It stands for the key, not for the bytes of
   * today, and cannot be taken back before its time but by deleting the object.
   */
  link(key: string, options: LinkOptions): Promise<string | null>
  /** Afterwards the key has no object, whether it had one or not. */
  delete(key: string): Promise<void>
}

/** From byte `start` to byte `end`, both included, counted from 0, as in HTTP (RFC 9110, section 14.1.2). */
export interface ByteRange {
  readonly start: number
  /** May lie behind the object's last byte, which then ends the range. */
  readonly end: number
}

export interface StoredHead {
  /** How many bytes the whole object has: the end of Content-Range. */
  readonly totalBytes: number
  readonly contentType: string
}

export interface StoredObject extends StoredHead {
  readonly stream: Readable
  /** How many bytes the stream gives: Content-Length. */
  readonly bytes: number
}

export interface LinkOptions {
  readonly seconds: number
  /** What a browser calls the file that it saves; without it, the last name of the key. */
  readonly fileName?: string
  /** The browser may show the object instead of saving it: only for types that cannot hold a script. */
  readonly inline?: boolean
}

const name = '[a-z0-9][a-z0-9_-]*(?:[.][a-z0-9_-]+)*'
const shape = new RegExp(`^${name}(?:/${name})*$`)

/**
 * Throws a RangeError unless the key is 1 to 500 characters of names joined by `/`; a name is of `a-z 0-9 _ - .`, begins
 * with a letter or digit and has no dot at its end or beside another. So a key is safe as a path and as an S3 name. A store that
 * treats pictures and videos apart (Cloudinary) goes by the key's ending: give it the usual one of its type (`.webp`, `.mp4`).
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

const mediaType = /^[\w.+-]+\/[\w.+-]+(; ?[\w-]+=[\w.+-]+)*$/

/** Whether it is a media type (RFC 9110, section 8.3.1), its parameters unquoted, of at most 200 characters. */
export function isContentType(contentType: string): boolean {
  return contentType.length <= 200 && mediaType.test(contentType)
}

/** Throws a RangeError unless it can be kept beside an object. */
export function checkContentType(contentType: string): void {
  if (!isContentType(contentType)) throw new RangeError(`not a content type: ${JSON.stringify(contentType)}`)
}

/** Throws a RangeError where an object ends before a range begins (HTTP 416). */
export function checkWithin(key: string, range: ByteRange, totalBytes: number): void {
  if (range.start >= totalBytes)
    throw new RangeError(`${key} has ${totalBytes} bytes, none from ${range.start} on`)
}
