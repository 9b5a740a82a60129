import { buffer } from 'node:stream/consumers'
import PDFDocument from 'pdfkit'
import qrcode from 'qrcode'
import type { Config } from '../../platform/config.ts'
import { drawLine } from '../../platform/typesetting/draw.ts'
import { fitLines } from '../../platform/typesetting/fit-lines.ts'
import { createTypesetter, type Typesetter } from '../../platform/typesetting/typesetter.ts'
import { drawQr, encodeQr } from './draw-qr.ts'
import type { CertificateRow } from './queries.ts'
import { formatCode, formatDay, verifyUrl } from './rules.ts'

type Document = PDFKit.PDFDocument
type Facts = Pick<
  CertificateRow,
  'code' | 'school' | 'holder' | 'course_title' | 'completed_at' | 'issued_at' | 'token'
>

// A4, landscape, in points.
const page = { width: 841.89, height: 595.28 }
const middle = page.width / 2
const margin = 78
const leastQr = 118
// Where the second line of a title ends.
const titleEnd = 388
const ink = '#1b2a41'
const faint = '#5c6b80'
const accent = '#a9812e'

/**
 * The certificate as a PDF of one page.
 * @returns missing: whether a name has letters of a script that no font here has, which then stand as their numbers
 */
export async function renderCertificate(
  facts: Facts,
  { publicUrl }: Pick<Config, 'publicUrl'>,
): Promise<{ pdf: Buffer; missing: boolean }> {
  const typesetter = await createTypesetter()
  const document = new PDFDocument({
    size: [page.width, page.height],
    margin: 0,
    lang: 'en',
    displayTitle: true,
    info: {
      Title: `${facts.course_title}: ${facts.holder}`,
      Author: facts.school,
      CreationDate: facts.issued_at,
      ModDate: facts.issued_at,
    },
  })
  const bytes = buffer(document as unknown as NodeJS.ReadableStream)
  drawFrame(document)
  const wide = page.width - 2 * margin
  const url = verifyUrl(publicUrl, facts.code)
  const qr = encodeQr(qrcode, verifyUrl(publicUrl, facts.code, facts.token), leastQr)
  // A larger one takes what is free below it; then the texts make way, up to the title of the course, which may be as wide as the page.
  const bottom = page.height - margin + 14 + Math.min(16, qr.size - leastQr)
  const corner = { x: page.width - margin - qr.size, y: bottom - qr.size }
  const lift = Math.max(0, titleEnd + qr.quiet - corner.y)
  const write = writer(document, typesetter, lift)
  write(facts.school, { y: 112, width: wide, largest: 22, lines: 1, color: ink })
  write('Certificate of Completion', { y: 166, width: wide, largest: 34, lines: 1, color: accent })
  write('This is to certify that', { y: 212, width: wide, largest: 13, lines: 1, color: faint })
  write(facts.holder, { y: 268, width: wide, largest: 38, lines: 2, color: ink })
  rule(document, 296 - lift)
  write('has completed the course', { y: 324, width: wide, largest: 13, lines: 1, color: faint })
  write(facts.course_title, { y: 364, width: wide, largest: 25, lines: 2, color: ink })
  const day = `on ${formatDay(facts.completed_at)}`
  write(day, { y: 420, width: wide, largest: 14, lines: 1, color: ink })

  const writeBelow = writer(document, typesetter, 0)
  const text = { x: margin, width: wide - qr.size - 30, lines: 1, align: 'left' } as const
  writeBelow('Verify this certificate', { ...text, y: 474, largest: 9, color: faint })
  writeBelow(formatCode(facts.code), { ...text, y: 492, largest: 13, color: ink })
  writeBelow(url, { ...text, y: 508, largest: 9, least: 5, color: faint })
  drawQr(document, qr, { ...corner, color: ink })
  document.link(corner.x, corner.y, qr.size, qr.size, url)
  document.end()
  const missing = [facts.school, facts.holder, facts.course_title].some((name) => typesetter.lacks(name))
  return { pdf: await bytes, missing }
}

function drawFrame(document: Document): void {
  for (const { inset, width, color } of [
    { inset: 26, width: 3, color: ink },
    { inset: 34, width: 0.8, color: accent },
  ])
    document
      .rect(inset, inset, page.width - 2 * inset, page.height - 2 * inset)
      .lineWidth(width)
      .stroke(color)
}

function rule(document: Document, y: number): void {
  document
    .moveTo(middle - 150, y)
    .lineTo(middle + 150, y)
    .lineWidth(0.8)
    .stroke(accent)
}

interface Place {
  /** The baseline; of two lines, the middle between them. */
  readonly y: number
  readonly width: number
  readonly largest: number
  readonly least?: number
  readonly lines: number
  readonly color: string
  readonly x?: number
  readonly align?: 'left'
}

/** @param lift how much higher than it says everything stands */
function writer(document: Document, typesetter: Typesetter, lift: number) {
  return (said: string, { y, width, largest, least = 8, lines, color, x = margin, align }: Place): void => {
    const fitted = fitLines(typesetter, typesetter.settable(said), { width, lines, largest, least })
    const { size } = fitted
    const height = size * 1.25
    let baseline = y - lift - ((fitted.lines.length - 1) * height) / 2
    document.fillColor(color)
    for (const line of fitted.lines) {
      const left = align === 'left' ? x : x + (width - line.widthOfOne * size) / 2
      drawLine(document, line, { x: left, y: baseline, size })
      baseline += height
    }
  }
}
