import type { Readable } from 'node:stream'
import { fonts } from '../../platform/typesetting/fonts.ts'
import { type ReceiptFacts, receiptLines } from './receipt-rules.ts'

const left = 56
const labelWidth = 130
const valueWidth = 350

/** The receipt as a PDF of one page, written as it is read. */
export async function renderReceipt(facts: ReceiptFacts): Promise<Readable> {
  // Loaded with the first receipt: it is large, and most processes never write one.
  const { default: PDFDocument } = await import('pdfkit')
  const { school, payment, capturedAt } = facts
  const info = {
    Title: `Receipt ${payment.id}`,
    Author: school,
    CreationDate: capturedAt,
    ModDate: capturedAt,
  }
  const document = new PDFDocument({ size: 'A4', margin: left, info, lang: 'en' })
  document.font(fonts.bold, 18).text(school)
  document.font(fonts.regular, 13).fillColor('#555').text('Receipt').moveDown(2)
  for (const [label, value] of receiptLines(facts)) {
    const top = document.y
    document.font(fonts.regular, 10).fillColor('#555').text(label, left, top, { width: labelWidth })
    document.font(label === 'Paid' ? fonts.bold : fonts.regular, 10).fillColor('#000')
    document.text(value, left + labelWidth, top, { width: valueWidth }).moveDown(0.7)
  }
  document.end()
  return document as unknown as Readable
}
