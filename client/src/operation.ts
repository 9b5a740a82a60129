/**
 * A line of the table: `METHOD /path`, and words. `json`, `form`, `text`, `bytes`: what the body is. `headers=`, `query=`: which fields of the
 * input go there; `query` alone: all others, for there is no body. `file`, `nothing`: what is answered, if not JSON. `pages`, `csv`: more
 * methods. `key`: takes an Idempotency-Key. `begins`, `ends`: what it does to the session. `client`: is told whether this is `native`.
 */
export interface Operation {
  readonly method: string
  readonly path: string
  readonly pathParameters: number
  readonly takesInput: boolean
  readonly body: string | undefined
  readonly headers: readonly string[]
  readonly query: readonly string[]
  readonly session: 'begins' | 'ends' | null
  readonly saysClient: boolean
  readonly answer: 'json' | 'csv' | 'file' | 'nothing'
  readonly words: ReadonlySet<string>
}

/** Reads a line of the table. */
export function readOperation(entry: string): Operation {
  const [method = '', path = '', ...rest] = entry.split(' ')
  const words = new Set(rest)
  const listed = (name: string) =>
    rest
      .find((word) => word.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .split(',') ?? []
  const [headers, query] = [listed('headers'), listed('query')]
  const body = ['json', 'form', 'text', 'bytes'].find((kind) => words.has(kind))
  return {
    method,
    path,
    pathParameters: path.split('{').length - 1,
    takesInput: body !== undefined || headers.length > 0 || words.has('query'),
    body,
    headers,
    query,
    session: words.has('begins') ? 'begins' : words.has('ends') ? 'ends' : null,
    saysClient: words.has('client'),
    answer: words.has('file') ? 'file' : words.has('nothing') ? 'nothing' : 'json',
    words,
  }
}
