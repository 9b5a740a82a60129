import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, stringify } from 'yaml'

/** What is wrong with a YAML text, and where. */
export interface YamlFault {
  /** From 1; 0 where it concerns the text as a whole. */
  readonly line: number
  /** A JSON pointer (RFC 6901) to what is wrong; to what holds it, where something is missing. */
  readonly pointer: string
  readonly kind: 'syntax' | 'unknown' | 'missing' | 'bad'
  /** Of what is missing or unknown its name, else what is wrong. */
  readonly said: string
}

export interface ReadYaml<Value> {
  /** Null where anything is wrong. */
  readonly value: Value | null
  readonly faults: readonly YamlFault[]
  /** The line, from 1, on which a value stands, or else the nearest that holds it; 0 where nothing does. */
  readonly lineOf: (pointer: string) => number
}

/** Reads YAML (1.2.2) that fits a schema. An empty text is an empty object. */
export function readYaml<Schema extends TSchema>(text: string, schema: Schema): ReadYaml<Static<Schema>> {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false })
  const lineOf = (pointer: string): number => {
    const start = startOf(document, pointer.split('/').slice(1))
    return start === undefined ? 0 : counter.linePos(start).line
  }
  const failed = (faults: YamlFault[]) => ({ value: null, faults, lineOf })
  const broken = (line: number, said: string): YamlFault => ({ line, pointer: '', kind: 'syntax', said })
  if (document.errors.length > 0)
    return failed(
      document.errors.map(({ pos, message }) =>
        broken(counter.linePos(pos[0]).line, message.split('\n')[0] ?? 'is not YAML'),
      ),
    )
  const value = toPlain(document)
  if (value === undefined)
    return failed([broken(0, 'has an alias to something that is not there, or far too many')])
  const check = Compile(schema)
  if (check.Check(value)) return { value, faults: [], lineOf }
  return failed(describe(check.Errors(value)).map((fault) => ({ ...fault, line: lineOf(fault.pointer) })))
}

/** Writes YAML that `readYaml` reads back to the same value; fields that are undefined are left out. */
export function writeYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, indentSeq: true })
}

/** The values, or undefined where aliases (YAML 1.2.2, section 7.1) do not resolve or would grow without bound. */
function toPlain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 }) ?? {}
  } catch {
    return undefined
  }
}

/** Where the value at a path begins (of a field, its name), as far as the path can be followed. */
function startOf(document: Document, path: readonly string[]): number | undefined {
  let node: unknown = document.contents
  let start: number | undefined
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step)
      if (!pair) return start
      start = isNode(pair.key) ? pair.key.range?.[0] : start
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      start = isNode(node) ? (node.range?.[0] ?? start) : start
    } else return start
  }
  return start
}

interface SchemaError {
  readonly keyword: string
  readonly instancePath: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message: string
}

/** One fault a place: where it may be one of several things, the first of them is what was probably meant. */
function describe(errors: readonly SchemaError[]): Omit<YamlFault, 'line'>[] {
  const faults = new Map<string, Omit<YamlFault, 'line'>>()
  const names = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])
  for (const { keyword, instancePath: pointer, params, message } of errors) {
    if (keyword === 'additionalProperties') {
      for (const name of names(params.additionalProperties))
        faults.set(`${pointer}/${name}`, { pointer: `${pointer}/${name}`, kind: 'unknown', said: name })
    } else if (keyword === 'required') {
      for (const name of names(params.requiredProperties))
        faults.set(`${pointer}/${name}`, { pointer, kind: 'missing', said: name })
    } else if (!faults.has(pointer)) {
      const said = keyword === 'enum' ? `must be one of ${names(params.allowedValues).join(', ')}` : message
      faults.set(pointer, { pointer, kind: 'bad', said })
    }
  }
  return [...faults.values()]
}
