import { globSync, readFileSync } from 'node:fs'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { resolveSynonyms } from '../../src/platform/http/synonyms.ts'

export const root = join(import.meta.dirname, '../..')

/** What somebody reads who uses Lectern or works on it. */
export const documents: readonly string[] = globSync(
  ['*.md', 'client/*.md', 'docs/**/*.md', 'src/modules/*/README.md', 'bench/*.md', 'examples/*.md'],
  { cwd: root },
)
  .map((path) => path.replaceAll('\\', '/'))
  .sort()

export const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** A fenced block of a document. */
export interface Block {
  readonly file: string
  /** Of its opening fence, from 1. */
  readonly line: number
  /** What stands behind the opening fence. */
  readonly language: string
  /** Without the indentation of the list that it stands in. */
  readonly text: string
}

export function blocksOf(file: string): Block[] {
  const blocks: Block[] = []
  const lines = read(file).split('\n')
  for (let at = 0; at < lines.length; at++) {
    const [, indent = '', fence, language = ''] = /^( *)(`{3,}|~{3,})(.*)$/.exec(lines[at] ?? '') ?? []
    if (fence === undefined) continue
    const end = lines.findIndex((line, index) => index > at && line.trim() === fence)
    if (end < 0) throw new Error(`${file}:${at + 1}: this block has no end`)
    const text = lines.slice(at + 1, end).map((line) => `${line.slice(indent.length)}\n`)
    blocks.push({ file, line: at + 1, language: language.trim(), text: text.join('') })
    at = end
  }
  return blocks
}

/** A document without its fenced blocks, line by line as it was. */
export function proseOf(file: string): string {
  const lines = read(file).split('\n')
  for (const { line, text } of blocksOf(file)) lines.fill('', line - 1, line + text.split('\n').length)
  return lines.join('\n')
}

interface Operations {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}
const { paths }: Operations = JSON.parse(read('openapi.json'))
const routes = Object.entries(paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => ({ method: method.toUpperCase(), segments: path.split('/') })),
)

/** Whether the API has a request such as `GET /api/courses/:id`, by whatever name; `/api` may be left out. */
export function isRoute(method: string, path: string): boolean {
  const url = path.replace(/[?#].*$/, '').replace(/^(?!\/api\/)/, '/api')
  const request = Object.assign(new IncomingMessage(new Socket()), { method, url })
  const said = resolveSynonyms(request).split('/')
  const asRoot = path.split('/')
  return [said, asRoot].some((words) =>
    routes.some(
      (route) =>
        route.method === request.method &&
        route.segments.length === words.length &&
        route.segments.every((segment, index) =>
          segment.startsWith('{') ? words[index] !== '' : segment === words[index],
        ),
    ),
  )
}
