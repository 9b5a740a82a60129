const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** What a JWT says (RFC 7519), unverified; nothing where it is none. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(decode(token.split('.')[1] ?? ''))
  } catch {
    return {}
  }
}

/** Of base64url (RFC 4648, section 5) the bytes, each as a character; not all that React Native runs on has `atob`. */
function decode(text: string): string {
  let bytes = ''
  let [bits, held] = [0, 0]
  for (const character of text) {
    held = ((held << 6) | alphabet.indexOf(character)) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes += String.fromCharCode((held >> bits) & 255)
  }
  return bytes
}
