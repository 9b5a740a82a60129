import type { Line, ShapedRun } from './typesetter.ts'

type Document = PDFKit.PDFDocument

/**
 * Draws a line into a document of PDFKit, with its text as it was written for whoever copies or reads it aloud (PDF 1.7, section
 * 14.9.4, ActualText); where some of it runs to the left, piece by piece: readers turn such runs round by themselves.
 * @param at.x its left edge, in points
 * @param at.y its baseline
 */
export function drawLine(document: Document, line: Line, at: { x: number; y: number; size: number }): void {
  const turned = line.runs.some(({ direction }) => direction === 'rtl')
  let { x } = at
  if (!turned) document.markContent('Span', { actual: line.text })
  for (const run of line.runs) {
    if (turned) document.markContent('Span', { actual: run.text })
    document.font(fontOf(document, run), at.size)
    // With features given, PDFKit asks for the layout of the text as a whole; without breaks, it takes it as it is.
    document.text(run.text, x, at.y, { lineBreak: false, baseline: 'alphabetic', features: [] })
    x += run.widthOfOne * at.size
    if (turned) document.endMarkedContent()
  }
  if (!turned) document.endMarkedContent()
}

const shapedBy = new WeakMap<Document, Map<string, { source: object; current: ShapedRun }>>()

/**
 * PDFKit takes any object for a font that is like one of fontkit's. This one is, but that it gives the layout that HarfBuzz made of
 * the run that is being drawn.
 */
function fontOf(document: Document, run: ShapedRun): PDFKit.Mixins.PDFFontSource {
  const fonts = shapedBy.get(document) ?? new Map()
  shapedBy.set(document, fonts)
  const { name, outlines } = run.font
  const known = fonts.get(name)
  if (known) {
    known.current = run
    return name as PDFKit.Mixins.PDFFontSource
  }
  const font = { current: run, source: {} }
  font.source = Object.create(outlines, { layout: { value: () => layoutOf(font.current) } })
  fonts.set(name, font)
  document.registerFont(name, font.source as PDFKit.Mixins.PDFFontSource)
  return name as PDFKit.Mixins.PDFFontSource
}

/** New positions each time: PDFKit changes those that it gets to its own units. */
function layoutOf({ glyphs, positions }: ShapedRun) {
  const advanceWidth = positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0)
  return { glyphs, positions: positions.map((position) => ({ ...position })), advanceWidth }
}
