const address =
  /\b[a-z][a-z\d+.-]*:\/\/[^\s<>"')\]]+|(?<![\p{L}\d:/])\/\/[a-z\d-]+\.[^\s<>"')\]]+|\bwww\.[^\s<>"')\]]+|\b(?:mailto|javascript|data|tel):[^\s<>"')\]]+/giu
const tag = /<[/!?]?[a-z][\w-]*/giu
// Control and format characters, but the ends of lines, tabs, and the joiners and marks that some scripts and emoji need; and half of
// a surrogate pair, which is no character and could not be kept.
const unseen = /(?![\n\r\t\u200c-\u200f])[\p{Cc}\p{Cf}\p{Cs}]/u

/**
 * Whether a text that a model made of a source may be shown as it is: it has no address and no tag that the source does not have, and
 * nothing that cannot be seen.
 */
export function isPlain(text: string, source: string): boolean {
  if (unseen.test(text)) return false
  const known = source.toLowerCase()
  const foreign = [...text.matchAll(address), ...text.matchAll(tag)].filter(
    ([found]) => !known.includes(found.toLowerCase().replace(/[.,;:!?]+$/, '')),
  )
  return foreign.length === 0
}

const leastQuoted = 10

/** Letters of scripts that put no space between words: there a passage may begin and end anywhere, and the end of a line stands for nothing. */
const unspaced = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}`
const endsInWord = new RegExp(`(?![${unspaced}])[\\p{L}\\p{M}\\p{N}]$`, 'u')
const beginsInWord = new RegExp(`^(?![${unspaced}])[\\p{L}\\p{M}\\p{N}]`, 'u')
const spaceWithin = new RegExp(`(?<=[${unspaced}]) (?=[${unspaced}])`, 'gu')

/**
 * Whether a passage stands in a source, word by word. The amount of white space, the marks of Markdown and the shape of quotation marks
 * may differ; words, and where they end, may not. A few letters stand everywhere and are no passage.
 */
export function isQuoted(passage: string, source: string): boolean {
  const bare = bareOf(passage)
  if (bare.replaceAll(' ', '').length < leastQuoted) return false
  const whole = bareOf(source)
  for (let at = whole.indexOf(bare); at >= 0; at = whole.indexOf(bare, at + 1))
    if (!isWithinWord(whole, at) && !isWithinWord(whole, at + bare.length)) return true
  return false
}

function isWithinWord(text: string, at: number): boolean {
  return endsInWord.test(text.slice(Math.max(0, at - 2), at)) && beginsInWord.test(text.slice(at, at + 2))
}

function bareOf(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u2018\u2019\u201a\u201b]/g, "'")
    .replace(/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"')
    .replace(/[*`\\\p{Cf}]|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .replace(/^[\s>]*(?:#{1,6}\s)?|\|/gm, ' ')
    .replace(/\s+/g, ' ')
    .replace(spaceWithin, '')
    .trim()
}
