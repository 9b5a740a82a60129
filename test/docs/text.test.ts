import { existsSync, globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commands } from '../../src/commands/commands.ts'
import { documents, isRoute, proseOf, read, root } from './documents.ts'

const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'))

/** What a heading is called in an address, as GitHub does. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-')

const readme = read('README.md')
/** The variables of the configuration, Node.js's own, and those that only the programs for developers read. */
const variables = new Set([
  ...[...readme.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name = '']) => name),
  'NODE_EXTRA_CA_CERTS',
  ...globSync(['test/**/*.ts', 'bench/**/*.ts', 'vitest.config.ts', '.ci/*'], { cwd: root }).flatMap((path) =>
    [...read(path).matchAll(/(?:process\.env\.|= process\.env|\$)\{? ?([A-Z][A-Z0-9_]+)/g)].map(
      ([, name = '']) => name,
    ),
  ),
])

const files = globSync(['*.*', '{src,test,docs,db,bin,deploy,demo,client,bench,examples}/**/*.*'], {
  cwd: root,
})
/** The module that the guides make, folders of courses, what lies in the folder of data, and whom webhooks are told to. */
const notOurs =
  /goals?\b|^(course|section|exam|bank)\.(md|yaml)$|^(LECTERN_DATA\/)?secrets\.json$|^POST \/lectern$/

describe.each(documents)('%s', (path) => {
  const text = read(path)

  it('leads to pages and headings that there are', () => {
    const lost = [
      ...proseOf(path)
        .replaceAll(/`[^`]*`/g, '')
        .matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g),
    ].filter(([, target = '']) => {
      const [file = '', anchor] = target.split('#')
      const other = file === '' ? path : join(dirname(path), file)
      if (!existsSync(join(root, other))) return true
      if (!anchor) return false
      const headings = [...read(other).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))
      return !headings.includes(anchor)
    })
    expect(lost.map(([link]) => link)).toEqual([])
  })

  it('names scripts of npm that there are', () => {
    const named = [...text.matchAll(/\bnpm (?:run )?(start|test|(?<=run )[\w:-]+)/g)].map(
      ([, name = '']) => name,
    )
    const known = path.startsWith('client/') ? [...Object.keys(scripts), 'build'] : Object.keys(scripts)
    expect(named.filter((name) => !known.includes(name))).toEqual([])
  })

  it('names commands of lectern that there are, with options that they take', () => {
    const calls = [
      ...text.matchAll(/(?:`|^\s*|npm run |npx |bin\/)lectern(?:\.js)? (?:-- )?([a-z][^`\n#"|]*)/gm),
    ].map(([, call = '']) => call.trim())
    const wrong = calls.filter((call) => {
      const [name, ...words] = call.split(/[ ,;:.()]+/)
      if (name === 'dev') return false
      const command = commands.find((one) => one.name === name)
      return (
        words.some((word) => word.startsWith('--') && !`${command?.usage} --json --help`.includes(word)) ||
        !command
      )
    })
    expect(wrong).toEqual([])
  })

  it('names requests that the API takes', () => {
    const named = [...text.matchAll(/\b(GET|POST|PUT|PATCH|DELETE) (\/[\w\-./:{}]*)(?![…\w\-./:{}])/g)]
    const unknown = named.filter(
      ([request, method = '', route = '']) =>
        !notOurs.test(request) && !isRoute(method, route.replace(/[.:]$/, '')),
    )
    expect(unknown.map(([request]) => request)).toEqual([])
  })

  it('names files that there are', () => {
    const inside = proseOf(path).matchAll(
      /`((?:src|test|docs|db|bin|deploy|demo|client|bench|examples)\/[\w\-./]*|[\w\-/]+\.(?:ts|md|json|yaml|cjs))`/g,
    )
    const lost = [...inside]
      .map(([, name = '']) => name)
      .filter((name) => !notOurs.test(name) && !files.some((file) => `/${file}`.endsWith(`/${name}`)))
      .filter((name) => ![root, join(root, dirname(path))].some((from) => existsSync(join(from, name))))
    expect(lost).toEqual([])
  })

  it('names variables that there are', () => {
    const named = [...text.matchAll(/`([A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9])(?:=[^`]*)?`/g)].map(
      ([, name = '']) => name,
    )
    expect(named.filter((name) => !variables.has(name))).toEqual([])
  })
})
