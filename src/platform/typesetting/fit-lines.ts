import { directionOf } from './runs.ts'
import type { Line, Typesetter } from './typesetter.ts'

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * Sets a text as large as it fits: at the largest size at which it needs no more than so many lines, or at the least one.
 * @param text settable
 * @param room.width in points, as the sizes are
 */
export function fitLines(
  typesetter: Typesetter,
  text: string,
  room: { width: number; lines: number; largest: number; least: number },
): { lines: Line[]; size: number } {
  const direction = directionOf(text)
  const widthOf = (part: string) => typesetter.line(part, direction).widthOfOne
  const widest = room.width / room.least
  const words = text
    .split(' ')
    .flatMap((word) => cut(word, Math.ceil((widthOf(word) * 1.05) / widest)))
    .map((word) => ({ word, width: widthOf(word) }))
  const space = widthOf(' ')
  for (let size = room.largest; ; size--) {
    const width = room.width / size
    const lines = wrap(words, { width, space })
    const fits = lines.length <= room.lines && words.every((word) => word.width <= width)
    if (fits || size <= room.least)
      return { lines: lines.map((line) => typesetter.line(line, direction)), size }
  }
}

/** What is wider than a line, such as a long title without spaces, in parts that are not. */
function cut(word: string, parts: number): string[] {
  if (parts <= 1) return [word]
  const letters = Array.from(graphemes.segment(word), ({ segment }) => segment)
  const length = Math.ceil(letters.length / parts)
  return Array.from({ length: parts }, (_, part) =>
    letters.slice(part * length, (part + 1) * length).join(''),
  ).filter((part) => part !== '')
}

function wrap(
  words: readonly { word: string; width: number }[],
  { width, space }: { width: number; space: number },
): string[] {
  const lines: { words: string[]; width: number }[] = []
  for (const { word, width: wide } of words) {
    const last = lines.at(-1)
    if (last && last.width + space + wide <= width) {
      last.words.push(word)
      last.width += space + wide
    } else lines.push({ words: [word], width: wide })
  }
  return lines.map((line) => line.words.join(' '))
}
