// What words were understood as is a text of `understand_search`: ('kuber':* | 'kubernetes') & ('python':*). A word may hold any sign that
// `words_of` leaves in it, a picture too; quoted, none but these means anything to a tsquery.
const form = String.raw`'[^'\\\p{Cc}]{1,60}'(?::\*)?`
// Eight words, each with its stem and three that it resembles. A cursor with more, which nobody was given, would hold up everybody else.
const alternatives = String.raw`\(${form}(?: \| ${form}){0,4}\)`
const whole = new RegExp(`^${alternatives}(?: & ${alternatives}){0,7}$`, 'u')
const eachGroup = new RegExp(alternatives, 'gu')
const eachForm = new RegExp(form, 'gu')

/** Whether a text is as `understand_search` writes it; anything else would be an error of the database. */
export function isUnderstood(value: unknown): boolean {
  return typeof value === 'string' && whole.test(value)
}

/** What each word stands for: a course is found where of every group it has one. None where nothing was understood. */
export const groupsOf = (understood: string | null): readonly string[] => understood?.match(eachGroup) ?? []

/** One of what a word stands for. */
export interface Form {
  readonly text: string
  /** It stands for all words that begin so. */
  readonly isBeginning: boolean
}

export function formsOf(group: string): readonly Form[] {
  return (group.match(eachForm) ?? []).map((form) => {
    const isBeginning = form.endsWith('*')
    return { text: form.slice(1, isBeginning ? -3 : -1), isBeginning }
  })
}

/** Whether a tsvector with these words (ascending, by code units) matches a group, as PostgreSQL would say. */
export function hasOneOf(words: readonly string[], group: string): boolean {
  return formsOf(group).some(({ text, isBeginning }) => {
    const first = words[countBefore(words, text)]
    return first !== undefined && (isBeginning ? first.startsWith(text) : first === text)
  })
}

/** How many come before a word. */
function countBefore(words: readonly string[], wanted: string): number {
  let [low, high] = [0, words.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((words[middle] ?? '') < wanted) low = middle + 1
    else high = middle
  }
  return low
}
