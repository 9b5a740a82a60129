import { type FileType, fileTypeOf } from './rules.ts'

/** How many bytes at the beginning of a file are looked at: an office document tells what it is some way in. */
export const headBytes = 64 * 1024

/**
 * What a file is, by its first bytes; undefined for everything that is not accepted. Text is what has no signature, is UTF-8 and begins
 * with no tag: a browser takes markup for a page wherever it finds it.
 */
export async function sniff(head: Buffer): Promise<FileType | undefined> {
  // Not loaded before the first file comes.
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(head).catch(() => undefined)
  if (found) return fileTypeOf(found.mime)
  // A cover picture in front may be longer than what is looked at (ID3v2).
  if (head.subarray(0, 3).equals(Buffer.from('ID3'))) return fileTypeOf('audio/mpeg')
  return isText(head) ? fileTypeOf('text/plain') : undefined
}

function isText(head: Buffer): boolean {
  try {
    // Streamed, since the last character may be cut in two.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: head.length >= headBytes })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what no text has is what is looked for
    return !/[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]/.test(text) && !/^\s*</.test(text)
  } catch {
    return false
  }
}
