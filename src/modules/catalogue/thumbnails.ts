import { randomBytes } from 'node:crypto'
import type { Config } from '../../platform/config.ts'

/** In pixels. A picture that is less wide is kept as it is under each. */
export const thumbnailWidths = [320, 640, 1280] as const
export const widestThumbnail = Math.max(...thumbnailWidths)

/** Of the file that it is made of. */
export const mostThumbnailBytes = 10 * 1024 * 1024

export const thumbnailType = 'image/webp'

/** Names a new picture: never used again, so that it can be cached for ever, and not to be guessed, since drafts have one too. */
export function newThumbnailKey(): string {
  return randomBytes(16).toString('hex')
}

/** Where the store keeps a picture in one width. */
export function thumbnailFile(key: string, width: number): string {
  return `thumbnails/${key}/${width}.webp`
}

/** The wire shape: the widest, and all that there are. */
export function presentThumbnail(key: string, config: Config) {
  const widths = thumbnailWidths.map((width) => ({ width, url: addressOf(key, width, config) }))
  return { url: addressOf(key, widestThumbnail, config), widths }
}

function addressOf(key: string, width: number, { publicUrl }: Config): string {
  return `${publicUrl}/api/thumbnails/${key}-${width}.webp`
}
