/** Where a link or a picture of a Markdown text leads. */
export interface Destination {
  readonly address: string
  /** The first character of the address in the text, and the one after its last. */
  readonly start: number
  readonly end: number
}

/** Inline (`](a)`, `](<a>)`) and as a definition (`[x]: a`); see CommonMark 0.31.2, sections 4.7 and 6.3. */
const inline = /\]\([ \t]*\n?[ \t]*(?:<([^<>\n]+)>|([^\s<>()]+))/dg
const definition = /^[ \t>]{0,40}\[[^\][\n]{1,999}\]:[ \t]*\n?[ \t]*(?:<([^<>\n]+)>|([^\s<>]+))/dgm

/**
 * The links and pictures of a Markdown text, in order, but for what stands in code. It takes time in proportion to the text, which
 * rendering does not, and so knows less: an address with escapes, entities or parentheses is not taken apart, and bare addresses are text.
 */
export function destinationsIn(text: string): Destination[] {
  const prose = withoutCode(text)
  return [inline, definition]
    .flatMap((pattern) => [...prose.matchAll(pattern)])
    .flatMap(({ indices }) => {
      const [start, end] = indices?.[1] ?? indices?.[2] ?? [0, 0]
      return end > start ? [{ address: text.slice(start, end), start, end }] : []
    })
    .toSorted((a, b) => a.start - b.start)
}

/** The text with other addresses. @param change gives the new address, or null to leave it */
export function changeDestinations(text: string, change: (address: string) => string | null): string {
  let changed = ''
  let done = 0
  for (const { address, start, end } of destinationsIn(text)) {
    const other = change(address)
    if (other === null) continue
    changed += text.slice(done, start) + other
    done = end
  }
  return changed + text.slice(done)
}

/** The line, from 1, on which a character stands. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

const fence = /^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})(.*)$/

/** Every character where it was, those of fenced code and of code in lines made spaces. */
function withoutCode(text: string): string {
  if (!/[`~]/.test(text)) return text
  let open: string | null = null
  const paragraphs: string[] = []
  let paragraph: string[] = []
  const end = () => {
    if (paragraph.length > 0) paragraphs.push(withoutSpans(paragraph.join('\n')))
    paragraph = []
  }
  for (const line of text.split('\n')) {
    const [, run = '', rest = ''] = fence.exec(line) ?? []
    const opens = open === null && run !== '' && !(run.startsWith('`') && rest.includes('`'))
    if (open !== null || opens || line.trim() === '') {
      end()
      paragraphs.push(' '.repeat(line.length))
      if (opens) open = run
      else if (open !== null && run.startsWith(open) && rest.trim() === '') open = null
    } else paragraph.push(line)
  }
  end()
  return paragraphs.join('\n')
}

/** A run of backticks opens code if one of the same length follows, with which it ends (CommonMark, section 6.1). */
function withoutSpans(paragraph: string): string {
  const runs = [...paragraph.matchAll(/(?<!\\)`+/g)].map(({ 0: run, index }) => ({
    start: index,
    length: run.length,
  }))
  const nextOfLength = new Map<number, number>()
  const closers = runs
    .toReversed()
    .map(({ start, length }) => {
      const closer = nextOfLength.get(length)
      nextOfLength.set(length, start)
      return closer
    })
    .toReversed()
  let prose = ''
  let done = 0
  for (const [at, { start, length }] of runs.entries()) {
    const closer = closers[at]
    if (start < done || closer === undefined) continue
    prose += paragraph.slice(done, start) + ' '.repeat(closer + length - start)
    done = closer + length
  }
  return prose + paragraph.slice(done)
}
