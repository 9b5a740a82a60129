import type { ByteRange } from '../storage/storage.ts'

const shape = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/

/**
 * The part that a Range header asks for (RFC 9110, section 14): null for the whole, which also is the answer to a header that is
 * malformed, of another unit, or of several parts at once, as section 14.2 allows.
 * @param totalBytes how many there are
 * @returns `unsatisfiable` where there is none of what it asks for: 416
 */
export function readRange(
  header: string | undefined,
  totalBytes: number,
): ByteRange | null | 'unsatisfiable' {
  const [, first = '', last = ''] = shape.exec(header ?? '') ?? []
  if (first === '' && last === '') return null
  const end = totalBytes - 1
  if (first === '') {
    const length = Number(last)
    return length === 0 || totalBytes === 0
      ? 'unsatisfiable'
      : { start: Math.max(0, totalBytes - length), end }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return null
  if (start > end) return 'unsatisfiable'
  return { start, end: last === '' ? end : Math.min(end, Number(last)) }
}
