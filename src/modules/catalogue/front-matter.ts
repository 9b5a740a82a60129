import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Document, isMap, isScalar, LineCounter, parseDocument, stringify } from 'yaml'

/** What is wrong with a file of a course folder, and where. */
export interface FolderFault {
  readonly file: string
  /** From 1; 0 where it concerns the file as a whole. */
  readonly line: number
  readonly fault: string
}

export interface Parsed<Fields> {
  readonly fields: Fields
  /** The Markdown below, exactly as written; null where there is none. */
  readonly body: string | null
}

const fence = '---'

/**
 * Reads a Markdown file that begins with YAML front matter.
 * @param faults gets what is wrong, each with its line
 * @returns null where anything is wrong
 */
export function parseFrontMatter<Schema extends TSchema>(
  file: string,
  text: string,
  schema: Schema,
  faults: FolderFault[],
): Parsed<Static<Schema>> | null {
  const add = (line: number, fault: string) => void faults.push({ file, line, fault })
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  const end = lines.indexOf(fence, 1)
  if (lines[0] !== fence) return add(1, 'must begin with front matter: a line of three hyphens') ?? null
  if (end === -1)
    return add(lines.length, 'the front matter is not closed by a line of three hyphens') ?? null

  const counter = new LineCounter()
  const document = parseDocument(lines.slice(1, end).join('\n'), {
    lineCounter: counter,
    prettyErrors: false,
  })
  for (const error of document.errors)
    add(1 + counter.linePos(error.pos[0]).line, error.message.split('\n')[0] ?? 'is not YAML')
  if (document.errors.length > 0) return null

  const fields = toPlain(document)
  if (fields === undefined)
    return add(1, 'has an alias to something that is not there, or far too many') ?? null
  const check = Compile(schema)
  if (check.Check(fields)) return { fields, body: bodyOf(text, end) }
  const lineOf = (name: string | undefined): number => {
    if (name === undefined || !isMap(document.contents)) return 1
    const pair = document.contents.items.find(({ key }) => isScalar(key) && key.value === name)
    const start = isScalar(pair?.key) ? pair.key.range?.[0] : undefined
    return start === undefined ? 1 : 1 + counter.linePos(start).line
  }
  for (const { field, fault } of describe(check.Errors(fields))) add(lineOf(field), fault)
  return null
}

/** The values, or undefined where aliases (YAML 1.2.2, section 7.1) do not resolve or would grow without bound. */
function toPlain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 }) ?? {}
  } catch {
    return undefined
  }
}

function bodyOf(text: string, end: number): string | null {
  const rest = text
    .split('\n')
    .slice(end + 1)
    .join('\n')
  if (rest === '') return null
  return rest.replace(/^\r?\n/, '').replace(/\r?\n$/, '')
}

interface SchemaError {
  readonly keyword: string
  readonly instancePath: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message: string
}
interface FieldFault {
  readonly field: string | undefined
  readonly fault: string
}

/** One fault a field: where it may be one of several things, the first of them is what was probably meant. */
function describe(errors: readonly SchemaError[]): FieldFault[] {
  const byField = new Map<string, FieldFault>()
  const names = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])
  for (const { keyword, instancePath, params, message } of errors) {
    if (keyword === 'additionalProperties') {
      for (const field of names(params.additionalProperties))
        byField.set(field, { field, fault: `"${field}" is not a known field` })
    } else if (keyword === 'required') {
      for (const name of names(params.requiredProperties))
        byField.set(name, { field: undefined, fault: `"${name}" is missing` })
    } else {
      const field = instancePath.split('/')[1] ?? ''
      const told = keyword === 'enum' ? `must be one of ${names(params.allowedValues).join(', ')}` : message
      if (!byField.has(field)) byField.set(field, { field, fault: `"${field}" ${told}` })
    }
  }
  return [...byField.values()]
}

/** Writes a Markdown file with front matter; fields that are undefined are left out. */
export function renderFrontMatter(fields: Readonly<Record<string, unknown>>, body: string | null): string {
  const yaml = stringify(fields, { lineWidth: 0, indentSeq: true })
  return `${fence}\n${yaml}${fence}\n${body === null ? '' : `\n${body}\n`}`
}
