import type { Sharp } from 'sharp'
import { refuse, unsupportedMedia } from '../http/refusal.ts'
import { drawInTurn, type OpenPicture } from './drawing.ts'
import { isPureWebp, isSomethingElseToo } from './picture-rules.ts'

/** A square that the picture fills, cut where it must be, or the whole picture at most so wide; in pixels. */
export type PictureShape = { readonly square: number } | { readonly width: number }

/** A WebP file and its size in pixels. */
export interface Picture {
  readonly bytes: Buffer
  readonly width: number
  readonly height: number
}

const accepted = new Set(['image/png', 'image/apng', 'image/jpeg', 'image/webp'])

/**
 * Draws an uploaded picture anew as WebP, once for each shape and in their order: upright as its EXIF says, without its metadata, and
 * never enlarged to a width. It is made of the pixels, so that nothing else that the file held survives. A WebP that is but pixels, and no
 * wider than wished, keeps its bytes.
 * @throws Refusal 415 where the bytes are no PNG, JPEG or WebP, whatever the name says, or something else too; 400 where they cannot
 * be read as one
 */
export async function renderPictures(bytes: Buffer, shapes: readonly PictureShape[]): Promise<Picture[]> {
  // Not loaded before the first file comes.
  const { fileTypeFromBuffer } = await import('file-type')
  const type = await fileTypeFromBuffer(bytes).catch(() => undefined)
  if (!type || !accepted.has(type.mime))
    throw refuse(unsupportedMedia, 'A picture is a PNG, JPEG or WebP file, by its content.')
  if (isSomethingElseToo(bytes, type.mime))
    throw refuse(unsupportedMedia, 'The file holds more than a picture.')
  return drawInTurn(
    async () => bytes,
    async (_bytes, open) => {
      const kept = type.mime === 'image/webp' && isPureWebp(bytes) ? await readWhole(bytes, open) : null
      const drawn: Picture[] = []
      for (const shape of shapes) {
        const fits = kept !== null && 'width' in shape && kept.width <= shape.width
        drawn.push(fits ? kept : await drawWebp(open(), shape))
      }
      return drawn
    },
  )
}

/** A picture as it is. It may be broken anywhere: all of it is read once. */
export async function readWhole(bytes: Buffer, open: OpenPicture): Promise<Picture> {
  const { width, height } = await open().metadata()
  await open().resize(8, 8, { fit: 'fill' }).raw().toBuffer()
  return { bytes, width, height }
}

/** One picture of a shape, as WebP. */
export async function drawWebp(picture: Sharp, shape: PictureShape): Promise<Picture> {
  const { data, info } = await picture
    .autoOrient()
    .resize(sizeOf(shape))
    .webp({ quality: 82 })
    .toBuffer({ resolveWithObject: true })
  return { bytes: data, width: info.width, height: info.height }
}

function sizeOf(shape: PictureShape) {
  return 'square' in shape
    ? { width: shape.square, height: shape.square, fit: 'cover' as const }
    : { width: shape.width, withoutEnlargement: true }
}
