import type { Readable } from 'node:stream'
import { drawLine } from '../../platform/typesetting/draw.ts'
import { fitLines } from '../../platform/typesetting/fit-lines.ts'
import { createTypesetter, type Typesetter } from '../../platform/typesetting/typesetter.ts'
import { type ReceiptFacts, receiptLines } from './receipt-rules.ts'

// A4, in points.
const margin = 56
const pageWidth = 595.28
const labelWidth = 130
const ink = '#000'
const faint = '#555'

/** The receipt as a PDF of one page, written as it is read. */
export async function renderReceipt(facts: ReceiptFacts): Promise<Readable> {
  // Loaded with the first receipt: it is large, and most processes never write one.
  const { default: PDFDocument } = await import('pdfkit')
  const typesetter = await createTypesetter()
  const { school, payment, capturedAt } = facts
  const info = {
    Title: `Receipt ${payment.id}`,
    Author: school,
    CreationDate: capturedAt,
    ModDate: capturedAt,
  }
  const document = new PDFDocument({ size: 'A4', margin: 0, info, lang: 'en' })
  const write = writer(document, typesetter)
  const below = write(school, { x: margin, top: margin, size: 18, color: ink })
  let top = write('Receipt', { x: margin, top: below, size: 13, color: faint }) + 26
  for (const [label, value] of receiptLines(facts)) {
    const size = label === 'Paid' ? 13 : 10
    write(label, { x: margin, top, size, color: faint })
    top = write(value, { x: margin + labelWidth, top, size, color: ink }) + 7
  }
  document.end()
  return document as unknown as Readable
}

/** Writes a text of any script, in as many lines as it takes. @returns where the next one begins */
function writer(document: PDFKit.PDFDocument, typesetter: Typesetter) {
  return (text: string, { x, top, size, color }: { x: number; top: number; size: number; color: string }) => {
    const room = { width: pageWidth - margin - x, lines: 1, largest: size, least: size }
    const { lines } = fitLines(typesetter, typesetter.settable(text), room)
    document.fillColor(color)
    const height = size * 1.35
    for (const [index, line] of lines.entries())
      drawLine(document, line, { x, y: top + size + index * height, size })
    return top + lines.length * height
  }
}
