/**
 * The header that tells a browser to save what it gets, or that it may show it, and under which name (RFC 6266). A name that is not
 * plain ASCII goes twice: spelled as RFC 8187 has it, and with `_` for what ASCII lacks, for clients of old.
 * @param fileName any text; without one the browser makes up a name from the address
 */
export function contentDisposition({
  inline = false,
  fileName,
}: {
  inline?: boolean
  fileName?: string
}): string {
  const kind = inline ? 'inline' : 'attachment'
  if (fileName === undefined) return kind
  const name = fileName.toWellFormed().replaceAll(/[\p{Cc}/\\]/gu, '_')
  const plain = name.replaceAll(/[^ -~]|["%]/gu, '_')
  if (plain === name) return `${kind}; filename="${name}"`
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, percent)
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
