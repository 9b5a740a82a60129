import type { TextLine } from '../../platform/csv.ts'
import { readCsvLine } from '../../platform/csv.ts'

export const mostLineCharacters = 10_000

/** Whom a line is about, or what is wrong with it. */
export interface ImportLine {
  readonly line: number
  /** As it was written; empty where the line cannot be read. */
  readonly email: string
  readonly fault: string | null
}

/** Where the addresses are: the column named `email`, whatever the case of its letters. Other columns are of no interest. */
export function emailColumn({ text }: TextLine): { column: number } | { fault: string } {
  if (text === null) return { fault: `is longer than ${mostLineCharacters} characters` }
  const names = readCsvLine(text)?.map((name) => name.trim().toLowerCase())
  if (!names) return { fault: 'has quotes that do not match' }
  const column = names.indexOf('email')
  if (column === -1) return { fault: 'must name the columns, "email" among them' }
  if (names.lastIndexOf('email') !== column) return { fault: 'names "email" twice' }
  return { column }
}

// No more than keeps out what cannot be an address, or be asked for at all (U+0000, half a character).
const address = /^[^\s@\p{Cc}\ufffd]+@[^\s@\p{Cc}\ufffd]+$/u

/** Reads one line; null where it is empty. */
export function importLine({ number: line, text }: TextLine, column: number): ImportLine | null {
  if (text === null)
    return { line, email: '', fault: `The line is longer than ${mostLineCharacters} characters.` }
  if (/^[\s,]*$/.test(text)) return null
  const cells = readCsvLine(text)
  if (!cells) return { line, email: '', fault: 'The quotes do not match.' }
  const email = cells[column]?.trim() ?? ''
  if (email === '') return { line, email, fault: 'There is no e-mail address.' }
  if (email.length > 320 || !address.test(email))
    return { line, email: printable(email), fault: 'This is no e-mail address.' }
  return { line, email, fault: null }
}

function printable(text: string): string {
  return text
    .replace(/\p{Cc}/gu, '\ufffd')
    .slice(0, 320)
    .toWellFormed()
}
