import createBidi from 'bidi-js'

// Its types tell of an ES module; what Node.js loads is the function itself.
const bidi = (createBidi as unknown as typeof createBidi.default)()
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** What one font sets in one direction. */
export interface Run<Font> {
  readonly text: string
  readonly font: Font
  readonly direction: 'ltr' | 'rtl'
}

/** The font for a grapheme, or null where none has it; `before` is the one of the grapheme before it. */
export type FontOf<Font> = (grapheme: string, before: Font | null) => Font | null

/**
 * A text as it can be set: composed (Unicode NFC), in one line, without control characters and marks that turn its direction. A letter
 * or digit that no font has stands as `[U+1E900]`, since a name must not lose one unseen; other signs, such as pictures, are left out.
 */
export function settable<Font>(text: string, fontOf: FontOf<Font>): string {
  const clean = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/(?![\u200c\u200d])\p{Cf}/gu, '')
  const set = Array.from(graphemes.segment(clean), ({ segment }) => {
    if (fontOf(segment, null) !== null) return segment
    return /[\p{L}\p{N}]/u.test(segment) ? Array.from(segment, nameOf).join('') : ''
  })
  return set.join('').replace(/ {2,}/g, ' ').trim()
}

function nameOf(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`
}

/** The direction of a paragraph: that of its first letter (Unicode Standard Annex 9, rule P2). */
export function directionOf(text: string): 'ltr' | 'rtl' {
  return (bidi.getEmbeddingLevels(text).paragraphs[0]?.level ?? 0) % 2 === 1 ? 'rtl' : 'ltr'
}

/**
 * The runs of a line, from left to right as they stand on the page (Unicode Standard Annex 9, rule L2).
 * @param line settable, of a paragraph with this direction
 */
export function runsOf<Font>(line: string, direction: 'ltr' | 'rtl', fontOf: FontOf<Font>): Run<Font>[] {
  const { levels } = bidi.getEmbeddingLevels(line, direction)
  const runs: { text: string; font: Font; level: number }[] = []
  for (const { segment, index } of graphemes.segment(line)) {
    const last = runs.at(-1)
    const font = fontOf(segment, last?.font ?? null)
    if (font === null) continue
    const level = levels[index] ?? 0
    if (last && last.font === font && last.level === level) last.text += segment
    else runs.push({ text: segment, font, level })
  }
  reorder(runs)
  return runs.map(({ text, font, level }) => ({ text, font, direction: level % 2 === 1 ? 'rtl' : 'ltr' }))
}

/** From the highest level down to the lowest odd one, whatever stands at that level or above is turned round. */
function reorder(runs: { level: number }[]): void {
  const highest = Math.max(0, ...runs.map(({ level }) => level))
  for (let level = highest; level > 0; level--) {
    for (let start = 0; start < runs.length; start++) {
      let end = start
      while ((runs[end]?.level ?? -1) >= level) end++
      if (end > start) runs.splice(start, end - start, ...runs.slice(start, end).reverse())
      start = Math.max(start, end)
    }
  }
}
