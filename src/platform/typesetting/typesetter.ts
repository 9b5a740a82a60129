import { readFileSync } from 'node:fs'
import type { Font as Outlines } from 'fontkit'
import type { Buffer as HarfBuzzBuffer, Font as HarfBuzzFont } from 'harfbuzzjs'
import { type Typeface, typefaces } from './fonts.ts'
import { directionOf, type Run, runsOf, settable } from './runs.ts'

/** A font, opened twice: HarfBuzz chooses and places the glyphs, fontkit embeds them for PDFKit. */
interface OpenFont {
  readonly name: string
  readonly shaper: HarfBuzzFont
  readonly outlines: Outlines
}

interface Glyph {
  readonly id: number
  readonly advanceWidth: number
  readonly codePoints: readonly number[]
}

interface Position {
  readonly xAdvance: number
  readonly yAdvance: number
  readonly xOffset: number
  readonly yOffset: number
}

/** Glyphs from left to right, in the font's units. */
export interface ShapedRun {
  readonly font: OpenFont
  readonly text: string
  readonly direction: 'ltr' | 'rtl'
  /** Its width is this times the size. */
  readonly widthOfOne: number
  readonly glyphs: readonly Glyph[]
  readonly positions: readonly Position[]
}

/** A line of text, ready to be drawn. */
export interface Line {
  readonly text: string
  readonly runs: readonly ShapedRun[]
  /** Its width is this times the size. */
  readonly widthOfOne: number
}

/** Sets text of any script in lines. */
export interface Typesetter {
  /** The text as it will stand there: see `settable`. */
  settable(text: string): string
  /** Whether it has a letter or digit that no font has. */
  lacks(text: string): boolean
  /** @param text settable */
  line(text: string, direction?: 'ltr' | 'rtl'): Line
}

const nowhere: Position = { xAdvance: 0, yAdvance: 0, xOffset: 0, yOffset: 0 }

const opened = new Map<string, OpenFont>()

/**
 * Loads HarfBuzz (WebAssembly). Fonts are read when a text first needs them, and kept.
 *
 * PDFKit's own way from text to glyphs goes word by word from left to right, and fontkit's shaping orders or loses letters of several
 * scripts of South and South-East Asia; so both only write what was shaped here.
 */
export async function createTypesetter(): Promise<Typesetter> {
  const [harfbuzz, fontkit] = await Promise.all([import('harfbuzzjs'), import('fontkit')])

  function open({ name, path }: Typeface): OpenFont {
    const known = opened.get(name)
    if (known) return known
    const bytes = readFileSync(path)
    const shaper = new harfbuzz.Font(new harfbuzz.Face(new harfbuzz.Blob(new Uint8Array(bytes))))
    const font = { name, shaper, outlines: fontkit.create(bytes) as Outlines }
    opened.set(name, font)
    return font
  }

  function fontOf(grapheme: string, before: OpenFont | null): OpenFont | null {
    const neutral = /^[\p{Script=Common}\p{Script=Inherited}]+$/u.test(grapheme)
    if (neutral && before && covers(before, grapheme)) return before
    for (const typeface of typefaces) {
      if (typeface.letters.test(grapheme) && covers(open(typeface), grapheme)) return open(typeface)
    }
    return null
  }

  /** Of a run to the left each cluster by itself, so that it can be told which letters it stands for. */
  function shape({ text, font, direction }: Run<OpenFont>): ShapedRun[] {
    const buffer: HarfBuzzBuffer = new harfbuzz.Buffer()
    buffer.addText(text)
    buffer.guessSegmentProperties()
    buffer.setDirection(direction === 'rtl' ? harfbuzz.Direction.RTL : harfbuzz.Direction.LTR)
    harfbuzz.shape(font.shaper, buffer)
    const infos = buffer.getGlyphInfos()
    const positions = buffer.getGlyphPositions()
    const starts = [...new Set(infos.map(({ cluster }) => cluster)), text.length].sort((a, b) => a - b)
    const placed = infos.map(({ codepoint: id, cluster }, index) => {
      const position = positions[index] ?? nowhere
      const end = starts[starts.indexOf(cluster) + 1]
      // The first glyph of a cluster stands for all of its characters where text is copied out.
      const isFirst = infos[index - 1]?.cluster !== cluster
      const codePoints = isFirst ? Array.from(text.slice(cluster, end), codePointOf) : []
      const { advanceWidth } = font.outlines.getGlyph(id)
      return { text: text.slice(cluster, end), cluster, glyph: { id, advanceWidth, codePoints }, position }
    })
    const runOf = (text: string, part: typeof placed): ShapedRun => {
      const units = part.reduce((sum, { position }) => sum + position.xAdvance, 0)
      const widthOfOne = units / font.outlines.unitsPerEm
      const glyphs = part.map(({ glyph }) => glyph)
      return { font, text, direction, glyphs, positions: part.map(({ position }) => position), widthOfOne }
    }
    if (direction === 'ltr') return [runOf(text, placed)]
    return [...Map.groupBy(placed, ({ cluster }) => cluster).values()].map((part) =>
      runOf(part[0]?.text ?? '', part),
    )
  }

  return {
    settable: (text) => settable(text, fontOf),
    lacks: (text) =>
      Array.from(text.normalize('NFC').matchAll(/[\p{L}\p{N}]/gu)).some(
        ([letter]) => fontOf(letter, null) === null,
      ),
    line(text, direction = directionOf(text)) {
      const runs = runsOf(text, direction, fontOf).flatMap(shape)
      return { text, runs, widthOfOne: runs.reduce((sum, run) => sum + run.widthOfOne, 0) }
    },
  }
}

/** Marks without a glyph of their own (joiners, variation selectors) need none. */
function covers({ outlines }: OpenFont, grapheme: string): boolean {
  return Array.from(grapheme).every(
    (character) =>
      /[\p{Default_Ignorable_Code_Point}]/u.test(character) ||
      outlines.hasGlyphForCodePoint(codePointOf(character)),
  )
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0
}
