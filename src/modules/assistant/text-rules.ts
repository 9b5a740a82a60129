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

/**
 * Whether a passage stands in a source. White space, the marks of Markdown and the shape of quotation marks may differ; words may not.
 * A few letters stand everywhere and are no passage.
 */
export function isQuoted(passage: string, source: string): boolean {
  const bare = bareOf(passage)
  return bare.length >= leastQuoted && bareOf(source).includes(bare)
}

function bareOf(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u2018\u2019\u201a\u201b]/g, "'")
    .replace(/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"')
    .replace(/[\s*_`#>|\\\p{Cf}]/gu, '')
}

/** The numbers that stand in a text in digits, as they read: `1,000` is 1000, `07` is 7. What is no such number is NaN. */
export function numbersIn(text: string): Set<number> {
  const found = text.match(/\p{N}+(?:[.,]\p{N}+)*/gu) ?? []
  return new Set(found.map((number) => Number(number.replace(/,(?=\d{3}(?:\D|$))/g, '').replace(',', '.'))))
}

/** Whether a text has no number that the source does not have. */
export function namesOnlyNumbersOf(text: string, source: string): boolean {
  return numbersIn(text).isSubsetOf(numbersIn(source))
}
