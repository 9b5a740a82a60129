import { availableParallelism } from 'node:os'
import { fileTypeFromBuffer } from 'file-type'
import { badField, refuse, unsupportedMedia } from '../../platform/http/refusal.ts'
import { isSomethingElseToo } from './picture-rules.ts'
import { takeTurns } from './turns.ts'

const side = 512
const mostPixels = 50_000_000
const accepted = new Set(['image/png', 'image/apng', 'image/jpeg', 'image/webp'])

// A picture of many pixels takes a core and some hundred megabytes for a moment.
const inTurn = takeTurns(Math.max(1, Math.floor(availableParallelism() / 2)))

/**
 * Makes the square WebP that is kept of an uploaded picture: upright as its EXIF says, without its metadata. It is drawn anew from
 * the pixels, so that nothing else that the file held survives.
 * @throws Refusal 415 where the bytes are no PNG, JPEG or WebP, whatever the name says; 400 where they cannot be read as one
 */
export async function renderAvatar(bytes: Buffer): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const type = await fileTypeFromBuffer(bytes).catch(() => undefined)
  if (!type || !accepted.has(type.mime))
    throw refuse(unsupportedMedia, 'A picture is a PNG, JPEG or WebP file, by its content.')
  if (isSomethingElseToo(bytes, type.mime))
    throw refuse(unsupportedMedia, 'The file holds more than a picture.')
  try {
    return await inTurn(() =>
      sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error' })
        .autoOrient()
        .resize(side, side, { fit: 'cover' })
        .webp({ quality: 82 })
        .toBuffer(),
    )
  } catch {
    throw badField('/file', `cannot be read as a picture of at most ${mostPixels / 1_000_000} million pixels`)
  }
}
