import { checkContentType, isContentType } from './storage.ts'

/** Length of the trailer, in bytes. */
export const trailerBytes = 256

const label = '\nlectern content-type: '

/**
 * The last 256 bytes of each file of the local store: the object's content type, padded with spaces. One file holds
 * both, so one rename commits both: no crash and no race can give bytes another upload's type. At the end, because
 * programs that open media by hand ignore what follows it.
 * @throws RangeError for a content type that cannot be kept (see `checkContentType`)
 */
export function writeTrailer(contentType: string): Buffer {
  checkContentType(contentType)
  return Buffer.from(`${label}${contentType}`.padEnd(trailerBytes - 1).concat('\n'), 'latin1')
}

/** The content type, or null if these bytes are no trailer. */
export function readTrailer(trailer: Buffer): string | null {
  const text = trailer.toString('latin1')
  if (!text.startsWith(label)) return null
  const contentType = text.slice(label.length).trimEnd()
  return isContentType(contentType) ? contentType : null
}
