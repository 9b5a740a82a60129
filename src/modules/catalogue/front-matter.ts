import type { Static, TSchema } from 'typebox'
import type { FolderFault } from '../../platform/module.ts'
import { readYaml, writeYaml, type YamlFault } from '../../platform/yaml/read-yaml.ts'

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

  const { value, faults: found } = readYaml(lines.slice(1, end).join('\n'), schema)
  if (value !== null) return { fields: value, body: bodyOf(text, end) }
  // The first line of the YAML is the second of the file.
  for (const { line, fault } of toldByField(found)) add(1 + line, fault)
  return null
}

function bodyOf(text: string, end: number): string | null {
  const rest = text
    .split('\n')
    .slice(end + 1)
    .join('\n')
  if (rest === '') return null
  return rest.replace(/^\r?\n/, '').replace(/\r?\n$/, '')
}

/** One fault a field of the front matter, however deep it lies. */
function toldByField(faults: readonly YamlFault[]): { line: number; fault: string }[] {
  const told = new Map<string, { line: number; fault: string }>()
  for (const { line, pointer, kind, said } of faults) {
    const field = pointer.split('/')[1] ?? ''
    const key = kind === 'bad' ? field : `${kind} ${said}`
    if (kind === 'syntax') told.set(`${key} ${line}`, { line, fault: said })
    else if (kind === 'unknown') told.set(key, { line, fault: `"${said}" is not a known field` })
    else if (kind === 'missing') told.set(key, { line: 0, fault: `"${said}" is missing` })
    else if (!told.has(key)) told.set(key, { line, fault: `"${field}" ${said}` })
  }
  return [...told.values()]
}

/** Writes a Markdown file with front matter; fields that are undefined are left out. */
export function renderFrontMatter(fields: Readonly<Record<string, unknown>>, body: string | null): string {
  return `${fence}\n${writeYaml(fields)}${fence}\n${body === null ? '' : `\n${body}\n`}`
}
