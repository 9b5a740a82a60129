import { inflateSync } from 'node:zlib'

/** The texts of a PDF as they are for those who copy them or have them read aloud (ActualText). */
export function textsOf(pdf: Buffer): string[] {
  const said = contentOf(pdf).matchAll(/ActualText \(((?:\\[\s\S]|[^\\)])*)\)/g)
  return [...said].map(([, raw = '']) => {
    const bytes = Buffer.from(
      raw.replace(/\\([nrtbf])/g, (_, letter: string) => escapes[letter] ?? '').replace(/\\([\s\S])/g, '$1'),
      'latin1',
    )
    return bytes[0] === 0xfe && bytes[1] === 0xff
      ? bytes.subarray(2).swap16().toString('utf16le')
      : bytes.toString('latin1')
  })
}

/** The glyphs that it shows, by their numbers in its fonts: 0 is the empty box (`.notdef`). */
export function glyphsOf(pdf: Buffer): number[] {
  const shown = [...contentOf(pdf).matchAll(/\[([^\]]*)\] TJ/g)].map(([, array = '']) => array)
  return shown.flatMap((array) =>
    [...array.matchAll(/<([\da-f]+)>/g)].flatMap(([, digits = '']) =>
      (digits.match(/.{4}/g) ?? []).map((glyph) => Number.parseInt(glyph, 16)),
    ),
  )
}

/** What is drawn and written in it: its streams, as they are before they are compressed. */
export function contentOf(pdf: Buffer): string {
  const streams = pdf.toString('latin1').matchAll(/stream\n([\s\S]*?)\nendstream/g)
  return [...streams].map(([, body = '']) => inflated(Buffer.from(body, 'latin1'))).join('\n')
}

function inflated(stream: Buffer): string {
  try {
    return inflateSync(stream).toString('latin1')
  } catch {
    return ''
  }
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }
