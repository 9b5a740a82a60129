const pngEnd = Buffer.from('0000000049454e44ae426082', 'hex')
const zipEnd = Buffer.from('504b0506', 'hex')
const zipEndBytes = 22
const longestZipComment = 65_535
/** Where readers of PDF look for its beginning (ISO 32000-1, annex H, note 13 of section H.3). */
const pdfWithin = 1_024
const page = /<(?:!doctype html|(?:html|head|body|script|iframe|svg)[\s>/]|\?php\s)/i

/** How many bytes at the end of a file `isZip` wants to see. */
export const zipTailBytes = zipEndBytes + longestZipComment

/**
 * Whether a picture is another kind of file as well (a polyglot): something follows the end of a PNG or WebP, the bytes end as a ZIP
 * archive does, a PDF begins in them, or they hold the markup of a page. Cameras do put things behind the end of a JPEG.
 */
export function isSomethingElseToo(bytes: Buffer, mime: string): boolean {
  if (isZip(bytes) || bytes.subarray(0, pdfWithin).includes('%PDF-') || isPage(bytes)) return true
  if (mime === 'image/png' || mime === 'image/apng') {
    return bytes.includes(pngEnd) && !bytes.subarray(-pngEnd.length).equals(pngEnd)
  }
  return mime === 'image/webp' && bytes.length > bytes.readUInt32LE(4) + 8
}

/** Whether the bytes hold the markup of a page. */
export function isPage(bytes: Buffer): boolean {
  return page.test(bytes.toString('latin1'))
}

/** Whether the bytes, or the last ones of a file, end as a ZIP archive does (APPNOTE.TXT, section 4.3.16). */
export function isZip(bytes: Buffer): boolean {
  const from = Math.max(0, bytes.length - zipTailBytes)
  for (let at = bytes.indexOf(zipEnd, from); at !== -1; at = bytes.indexOf(zipEnd, at + 1)) {
    if (at + zipEndBytes > bytes.length) return false
    if (at + zipEndBytes + bytes.readUInt16LE(at + 20) === bytes.length) return true
  }
  return false
}

// Of these a PNG's pixels are made, and how they are to be shown (PNG, third edition, section 11).
const pixelChunks = new Set(
  'IHDR PLTE IDAT IEND acTL fcTL fdAT tRNS cHRM gAMA iCCP sBIT sRGB bKGD hIST pHYs'.split(' '),
)

/** Whether a PNG holds nothing but pixels: no text, time, EXIF, or chunk that nobody knows. */
export function isPurePng(bytes: Buffer): boolean {
  let at = 8
  while (at + 12 <= bytes.length) {
    if (!pixelChunks.has(bytes.toString('latin1', at + 4, at + 8))) return false
    at += 12 + bytes.readUInt32BE(at)
  }
  return at === bytes.length
}

const stillChunks = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH'])

/** Whether a WebP is one still picture and nothing beside its pixels (developers.google.com/speed/webp/docs/riff_container). */
export function isPureWebp(bytes: Buffer): boolean {
  let at = 12
  while (at + 8 <= bytes.length) {
    if (!stillChunks.has(bytes.toString('latin1', at, at + 4))) return false
    const length = bytes.readUInt32LE(at + 4)
    at += 8 + length + (length % 2)
  }
  return at === bytes.length && bytes.readUInt32LE(4) + 8 === bytes.length
}
