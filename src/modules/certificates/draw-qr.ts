import type QrCode from 'qrcode'

/**
 * Draws a text as a QR code (ISO/IEC 18004) of plain shapes, without the quiet zone: keep four modules clear around it. What is long is
 * corrected less, so that its modules stay large enough for a camera.
 */
export function drawQr(
  document: PDFKit.PDFDocument,
  qrcode: typeof QrCode,
  text: string,
  at: { x: number; y: number; size: number; color: string },
): void {
  const { modules } = qrcode.create(text, {
    errorCorrectionLevel: Buffer.byteLength(text) > 500 ? 'L' : 'M',
  })
  const module = at.size / modules.size
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
