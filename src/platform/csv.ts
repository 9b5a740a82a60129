import { prefersToJson } from './http/accept.ts'

/** What stands in a cell of a line. */
export type Cell = string | number | boolean | Date | null

// What a spreadsheet would take for the start of a formula (OWASP, CSV injection).
const formula = /^[=+\-@\t\r]/
const special = /[",\r\n]/

/**
 * One line of CSV (RFC 4180), its end included. A text that a spreadsheet would run as a formula gets an apostrophe in front; times
 * are ISO 8601 in UTC, null is an empty cell.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell)
  const said = cell instanceof Date ? cell.toISOString() : cell
  const safe = formula.test(said) ? `'${said}` : said
  return special.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The cells of one line of CSV (RFC 4180, without its end); null where its quotes do not match. */
export function readCsvLine(line: string): string[] | null {
  const cells: string[] = []
  for (let at = 0; ; at++) {
    const cell = line[at] === '"' ? quotedCell(line, at) : plainCell(line, at)
    if (!cell) return null
    cells.push(cell.text)
    at = cell.end
    if (at === line.length) return cells
    if (line[at] !== ',') return null
  }
}

interface ReadCell {
  readonly text: string
  /** Where the comma is that follows, or the end of the line. */
  readonly end: number
}

function plainCell(line: string, start: number): ReadCell | null {
  const comma = line.indexOf(',', start)
  const end = comma === -1 ? line.length : comma
  const text = line.slice(start, end)
  return text.includes('"') ? null : { text, end }
}

function quotedCell(line: string, start: number): ReadCell | null {
  let text = ''
  for (let at = start + 1; ; at++) {
    const quote = line.indexOf('"', at)
    if (quote === -1) return null
    text += line.slice(at, quote)
    if (line[quote + 1] !== '"') return { text, end: quote + 1 }
    text += '"'
    at = quote + 1
  }
}

/** A line of a text, counted from 1; `text` is null where it is longer than was allowed. */
export interface TextLine {
  readonly number: number
  readonly text: string | null
}

/**
 * The lines of UTF-8 as it comes, ended by LF, CRLF or CR, without a byte order mark; bytes that are no UTF-8 become U+FFFD. Never
 * holds more than a chunk and a line.
 */
export async function* readTextLines(
  source: AsyncIterable<Uint8Array>,
  mostCharacters: number,
): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder()
  let number = 0
  let rest = ''
  let cut = false
  const line = (text: string): TextLine => {
    number++
    const whole = !cut && text.length <= mostCharacters
    cut = false
    return { number, text: whole ? text : null }
  }
  for await (const chunk of source) {
    // A CR at the end may be half of a CRLF.
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/)
    rest = pieces.pop() ?? ''
    for (const piece of pieces) yield line(piece)
    if (rest.length > mostCharacters + 1) {
      cut = true
      rest = rest.endsWith('\r') ? '\r' : ''
    }
  }
  const last = (rest + decoder.decode()).replace(/\r$/, '')
  if (last !== '' || cut || rest !== '') yield line(last)
}

/** Whether an `Accept` header asks for CSV: named, and no less wanted than JSON. */
export function wantsCsv(accept: string | undefined): boolean {
  return prefersToJson(accept, 'text/csv')
}
