import type QrCode from 'qrcode'

/** What a phone's camera reads from paper at arm's length: 0.4 mm, in points. */
const leastModule = (0.4 / 25.4) * 72
/** Light modules to keep clear on each side (ISO/IEC 18004). */
const quietModules = 4

export interface Qr {
  readonly modules: QrCode.QRCode['modules']
  /** Width and height, without the quiet zone, in points. */
  readonly size: number
  /** The width of the quiet zone, in points. */
  readonly quiet: number
}

/**
 * A text as a QR code (ISO/IEC 18004). What is long is corrected less; where even so its modules would be too small for a camera, the
 * code grows.
 * @param least its size in points, where its modules are large enough
 */
export function encodeQr(qrcode: typeof QrCode, text: string, least: number): Qr {
  const { modules } = qrcode.create(text, {
    errorCorrectionLevel: Buffer.byteLength(text) > 500 ? 'L' : 'M',
  })
  const size = Math.max(least, modules.size * leastModule)
  return { modules, size, quiet: (size / modules.size) * quietModules }
}

/** Draws it as plain shapes, without the quiet zone. */
export function drawQr(
  document: PDFKit.PDFDocument,
  { modules, size }: Pick<Qr, 'modules' | 'size'>,
  at: { x: number; y: number; color: string },
): void {
  const module = size / modules.size
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      // Dark ones beside each other are one shape, so that no light shows between them.
      let end = column
      while (end < modules.size && modules.get(row, end)) end++
      if (end > column)
        document.rect(at.x + column * module, at.y + row * module, (end - column) * module, module)
      column = end
    }
  }
  document.fill(at.color)
}
