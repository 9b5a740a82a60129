import type { MediaKind, MediaStatus } from '../../platform/database/schema.ts'

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
  readonly ending: string
}

const office = 'application/vnd.openxmlformats-officedocument'
const openDocument = 'application/vnd.oasis.opendocument'

/** Every type that is accepted, with the ending of its name in the store. */
const accepted: Readonly<Record<MediaKind, Readonly<Record<string, string>>>> = {
  image: {
    'image/png': 'png',
    'image/apng': 'png',
    'image/jpeg': 'jpg',
    'image/webp': 'webp',
    'image/gif': 'gif',
  },
  video: {
    'video/mp4': 'mp4',
    'video/x-m4v': 'm4v',
    'video/quicktime': 'mov',
    'video/webm': 'webm',
    'video/matroska': 'mkv',
    'video/ogg': 'ogv',
  },
  audio: {
    'audio/mpeg': 'mp3',
    'audio/mp4': 'm4a',
    'audio/x-m4a': 'm4a',
    'audio/aac': 'aac',
    'audio/ogg': 'ogg',
    'audio/wav': 'wav',
    'audio/flac': 'flac',
  },
  document: {
    'application/pdf': 'pdf',
    'application/zip': 'zip',
    'application/epub+zip': 'epub',
    'application/rtf': 'rtf',
    'text/plain': 'txt',
    'text/vtt': 'vtt',
    [`${office}.wordprocessingml.document`]: 'docx',
    [`${office}.presentationml.presentation`]: 'pptx',
    [`${office}.presentationml.slideshow`]: 'ppsx',
    [`${office}.spreadsheetml.sheet`]: 'xlsx',
    [`${openDocument}.text`]: 'odt',
    [`${openDocument}.presentation`]: 'odp',
    [`${openDocument}.spreadsheet`]: 'ods',
  },
}
const fileTypes = new Map(
  Object.entries(accepted).flatMap(([kind, types]) =>
    Object.entries(types).map(([mime, ending]) => [mime, { kind: kind as MediaKind, ending }] as const),
  ),
)

/** What a file of a media type is kept as; undefined for what is not accepted: programs, pages, SVG among them. */
export function fileTypeOf(mime: string): FileType | undefined {
  const [contentType = ''] = mime.split(';')
  const found = fileTypes.get(contentType)
  const charset = contentType === 'text/plain' ? '; charset=utf-8' : ''
  return found && { ...found, contentType: contentType + charset }
}

/** These are ZIP archives by nature; any other file that is one too hides something. */
export function isArchive(contentType: string): boolean {
  return /zip|openxmlformats|opendocument/.test(contentType)
}

/** Only what a browser shows without running anything of it; the rest it is told to save. */
export function isShownInline({ kind, contentType }: Omit<FileType, 'ending'>): boolean {
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
  // No file that is kept is a page or a program.
  { said: /^(text\/html|application\/xhtml)|\.(x?html?|mhtml?|exe|msi|scr|com|dll|dmg)$/i, kinds: [] },
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

/** Where a file is kept: by its ending some stores know how to treat it. */
export function storageKeyOf(id: string, ending: string | null): string {
  return ending === null ? `media/${id}` : `media/${id}.${ending}`
}

/** Where the smaller images of a file are kept, beside it. */
export function smallerKey(storageKey: string, width: number): string {
  return `${storageKey}-${width}.webp`
}

/** Every object that belongs to a file. While it comes, it is not known which smaller ones there are: they come first. */
export function keysOf(media: {
  status: MediaStatus
  storage_key: string
  widths: readonly number[]
}): string[] {
  const widths = media.status === 'uploading' ? smallerWidths : media.widths
  return [media.storage_key, ...widths.map((width) => smallerKey(media.storage_key, width))]
}
