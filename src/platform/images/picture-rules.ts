const pngEnd = Buffer.from('0000000049454e44ae426082', 'hex')
const zipEnd = Buffer.from('504b0506', 'hex')
const zipEndBytes = 22
const longestZipComment = 65_535

/**
 * Whether a picture is another kind of file as well (a polyglot): something follows the end of a PNG or WebP, or the bytes end as a
 * ZIP archive does (APPNOTE.TXT, section 4.3.16). Cameras do put things behind the end of a JPEG.
 */
export function isSomethingElseToo(bytes: Buffer, mime: string): boolean {
  if (isZip(bytes)) return true
  if (mime === 'image/png' || mime === 'image/apng') {
    return bytes.includes(pngEnd) && !bytes.subarray(-pngEnd.length).equals(pngEnd)
  }
  return mime === 'image/webp' && bytes.length > bytes.readUInt32LE(4) + 8
}

function isZip(bytes: Buffer): boolean {
  const from = Math.max(0, bytes.length - zipEndBytes - longestZipComment)
  for (let at = bytes.indexOf(zipEnd, from); at !== -1; at = bytes.indexOf(zipEnd, at + 1)) {
    if (at + zipEndBytes > bytes.length) return false
    if (at + zipEndBytes + bytes.readUInt16LE(at + 20) === bytes.length) return true
  }
  return false
}
