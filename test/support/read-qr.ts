import jsqr from 'jsqr'
import { contentOf } from './pdf.ts'

interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The rectangles that are filled together, in points: of all such groups the largest (PDF 2.0, section 8.5). */
function rectsIn(pdf: Buffer): readonly Rect[] {
  let largest: Rect[] = []
  let path: Rect[] = []
  for (const line of contentOf(pdf).split('\n')) {
    const words = line.trim().split(' ')
    const [x = 0, y = 0, width = 0, height = 0] = words.map(Number)
    const operator = words.at(-1) ?? ''
    if (operator === 're') path.push({ x, y, width, height })
    if (operator === 'f' && path.length > largest.length) largest = path
    if (/^[fSnB]$/.test(operator)) path = []
  }
  return largest
}

/** Of a dense code, one in very many is not found at some distance: whoever holds the camera moves it. */
const distances = [5, 7, 4]

/**
 * The QR code of a PDF as a camera sees it: a picture of what is drawn, read by another library than the one that drew it.
 * @returns what it says, and the size of its modules
 */
export function readQr(pdf: Buffer): { said: string; moduleMm: number } {
  const rects = rectsIn(pdf)
  const module = Math.min(...rects.map(({ height }) => height))
  const quiet = 4 * module
  const left = Math.min(...rects.map(({ x }) => x)) - quiet
  const top = Math.min(...rects.map(({ y }) => y)) - quiet
  const right = Math.max(...rects.map(({ x, width }) => x + width)) + quiet
  const look = (pixelsPerPoint: number) => readAt(rects, { left, top, right, pixelsPerPoint })
  const said = distances.reduce<string>((read, distance) => read || look(distance), '')
  return { said, moduleMm: (module / 72) * 25.4 }
}

function readAt(
  rects: readonly Rect[],
  { left, top, right, pixelsPerPoint }: Record<'left' | 'top' | 'right' | 'pixelsPerPoint', number>,
): string {
  const side = Math.ceil((right - left) * pixelsPerPoint)
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255)
  const pixelAt = (points: number) => Math.round(points * pixelsPerPoint)
  for (const { x, y, width, height } of rects) {
    for (let row = pixelAt(y - top); row < pixelAt(y + height - top); row++) {
      const start = row * side
      for (let column = pixelAt(x - left); column < pixelAt(x + width - left); column++)
        pixels.fill(0, (start + column) * 4, (start + column) * 4 + 3)
    }
  }
  return jsqr.default(pixels, side, side, { inversionAttempts: 'dontInvert' })?.data ?? ''
}
