import { refuse, unsupportedMedia } from '../http/refusal.ts'
import { drawInTurn, type OpenPicture } from './drawing.ts'
import { isPurePng, isPureWebp, isSomethingElseToo } from './picture-rules.ts'
import { drawWebp, type Picture, readWhole } from './render-pictures.ts'

/** A picture without anything but itself, and smaller ones of it. */
export interface CleanPicture {
  /** Null where the bytes that came can stay. */
  readonly redrawn: Buffer | null
  readonly width: number
  readonly height: number
  /** WebP, from the smallest on: those of the wished widths that are smaller than the picture. */
  readonly smaller: readonly Picture[]
}

/**
 * Takes everything but pixels out of an uploaded picture (where it was taken, who took it, what hides in it) by drawing it anew in its
 * own format, upright; one that moves goes on moving. A PNG or WebP that holds nothing but pixels keeps its bytes.
 * @param mime `image/png`, `image/apng`, `image/jpeg`, `image/webp` or `image/gif`
 * @throws Refusal 415 where it is something else too, 400 where it cannot be read
 */
export function cleanPicture(
  load: () => Promise<Buffer>,
  mime: string,
  widths: readonly number[],
): Promise<CleanPicture> {
  return drawInTurn(
    async () => {
      const bytes = await load()
      if (isSomethingElseToo(bytes, mime))
        throw refuse(unsupportedMedia, 'The file holds more than a picture.')
      return bytes
    },
    async (bytes, open) => {
      const { redrawn, width, height } = await redraw(bytes, mime, open)
      const smaller: Picture[] = []
      for (const wished of widths.filter((candidate) => candidate < width))
        smaller.push(await drawWebp(open(), { width: wished }))
      return { redrawn, width, height, smaller }
    },
  )
}

async function redraw(bytes: Buffer, mime: string, open: OpenPicture) {
  if ((mime.endsWith('png') && isPurePng(bytes)) || (mime === 'image/webp' && isPureWebp(bytes)))
    return { ...(await readWhole(bytes, open)), redrawn: null }
  const upright = open({ animated: mime === 'image/gif' || mime === 'image/webp' }).autoOrient()
  const { data, info } = await inFormat(upright, mime).toBuffer({ resolveWithObject: true })
  return { redrawn: data, width: info.width, height: info.pageHeight ?? info.height }
}

function inFormat(picture: ReturnType<OpenPicture>, mime: string) {
  if (mime === 'image/jpeg') return picture.jpeg({ quality: 90 })
  if (mime === 'image/webp') return picture.webp({ quality: 90 })
  return mime === 'image/gif' ? picture.gif() : picture.png()
}
