import type { MediaKind } from '../../platform/database/schema.ts'

const megabyte = 1024 ** 2

/** The largest file of a kind, in bytes. */
export const mostBytesOf: Readonly<Record<MediaKind, number>> = {
  image: 25 * megabyte,
  audio: 1024 * megabyte,
  video: 20 * 1024 * megabyte,
  document: 500 * megabyte,
}
export const mostBytes = Math.max(...Object.values(mostBytesOf))

/** Of images that are wider, there are also ones of these widths, in pixels. */
export const smallerWidths = [320, 640, 1280] as const

/** An upload that nothing more of came for so long is over, and a file that nobody used for so long goes. */
export const patienceMs = 24 * 60 * 60 * 1_000

export interface FileType {
  readonly kind: MediaKind
  readonly contentType: string
}

const office = 'application/vnd.openxmlformats-officedocument'
const openDocument = 'application/vnd.oasis.opendocument'
const kinds: Readonly<Record<MediaKind, readonly string[]>> = {
  image: ['image/png', 'image/apng', 'image/jpeg', 'image/webp', 'image/gif'],
  video: ['video/mp4', 'video/x-m4v', 'video/quicktime', 'video/webm', 'video/matroska', 'video/ogg'],
  audio: ['audio/mpeg', 'audio/mp4', 'audio/x-m4a', 'audio/aac', 'audio/ogg', 'audio/wav', 'audio/flac'],
  document: [
    'application/pdf',
    'application/zip',
    'application/epub+zip',
    'application/rtf',
    'text/plain',
    'text/vtt',
    `${office}.wordprocessingml.document`,
    `${office}.presentationml.presentation`,
    `${office}.presentationml.slideshow`,
    `${office}.spreadsheetml.sheet`,
    `${openDocument}.text`,
    `${openDocument}.presentation`,
    `${openDocument}.spreadsheet`,
  ],
}
const kindOf = new Map(
  Object.entries(kinds).flatMap(([kind, types]) => types.map((type) => [type, kind as MediaKind] as const)),
)

/** What a file of a media type is kept as; undefined for what is not accepted: programs, pages, SVG among them. */
export function fileTypeOf(mime: string): FileType | undefined {
  const [contentType = ''] = mime.split(';')
  const kind = kindOf.get(contentType)
  return (
    kind && { kind, contentType: contentType === 'text/plain' ? 'text/plain; charset=utf-8' : contentType }
  )
}

/** These are ZIP archives by nature; any other file that is one too hides something. */
export function isArchive(contentType: string): boolean {
  return /zip|openxmlformats|opendocument/.test(contentType)
}

/** Only what a browser shows without running anything of it; the rest it is told to save. */
export function isShownInline({ kind, contentType }: FileType): boolean {
  return kind !== 'document' || contentType === 'application/pdf' || contentType === 'text/vtt'
}

/** What a file's name or declared type says that it is: believed so far that it may not be something else. */
const claims: readonly { said: RegExp; kinds: readonly MediaKind[] }[] = [
  { said: /^image\/|\.(png|jpe?g|jfif|gif|webp|avif|heic|bmp|tiff?|svg)$/i, kinds: ['image'] },
  {
    said: /^(video|audio)\/|\.(mp4|m4v|mov|webm|mkv|avi|mp3|m4a|aac|og[gva]|opus|wav|flac)$/i,
    kinds: ['video', 'audio'],
  },
  { said: /^application\/pdf|\.pdf$/i, kinds: ['document'] },
]

/** Whether a file is called what it is not, as an archive named `.png` is. */
export function isMisnamed(type: FileType, said: { fileName: string; declaredType: string | null }): boolean {
  return [said.fileName, said.declaredType ?? ''].some((text) => {
    const claim = claims.find((candidate) => candidate.said.test(text))
    if (!claim) return false
    const isPdf = claim.kinds[0] === 'document'
    return !claim.kinds.includes(type.kind) || (isPdf && type.contentType !== 'application/pdf')
  })
}

/** A file's name without folders and what no name has; 255 characters at most. */
export function tidyFileName(said: string | undefined): string {
  const name =
    (said ?? '')
      .toWellFormed()
      .split(/[/\\]/)
      .at(-1)
      ?.replaceAll(/\p{Cc}/gu, '')
      .trim() ?? ''
  return name === '' || /^\.+$/.test(name) ? 'file' : [...name].slice(-255).join('')
}

/** Where the smaller images of a file are kept, beside it. */
export function smallerKey(storageKey: string, width: number): string {
  return `${storageKey}-${width}.webp`
}

/** Every object that belongs to a file. */
export function keysOf(media: { storage_key: string; widths: readonly number[] }): string[] {
  return [media.storage_key, ...media.widths.map((width) => smallerKey(media.storage_key, width))]
}
