import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const document = await readFile(join(root, 'docs/security.md'), 'utf8')

/** How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; what is of level 3 alone stands at the end of its section. */
const sections: Readonly<Record<number, readonly number[]>> = {
  1: [2, 9, 11, 3, 2],
  2: [3, 3, 4, 1],
  3: [0, 2, 4, 6, 5, 0, 2],
  4: [3, 1, 2, 4],
  5: [1, 3, 2, 3],
  6: [3, 12, 4, 4, 5, 3, 0, 4],
  7: [3, 4, 2, 5, 2, 2],
  8: [2, 3, 1, 1],
  9: [3, 4],
  10: [2, 2, 4, 11, 5, 2, 3],
  11: [2, 3, 3, 4, 1, 1],
  12: [3, 2, 4],
  13: [1, 5, 2, 5],
  14: [2, 4, 3],
  15: [3, 3, 7],
  16: [1, 5, 4, 3, 3],
  17: [1, 4, 2],
}
const required = Object.entries(sections).flatMap(([chapter, counts]) =>
  counts.flatMap((count, at) => Array.from({ length: count }, (_, n) => `${chapter}.${at + 1}.${n + 1}`)),
)

interface Line {
  readonly number: string
  readonly state: string
  readonly how: string
}
const lines: Line[] = [...document.matchAll(/^\| (\d+\.\d+\.\d+) \| .+? \| (.+?) \| (.+) \|$/gm)].map(
  ([, number = '', state = '', how = '']) => ({ number, state: state.replaceAll('*', ''), how }),
)
const paths = (text: string) =>
  [...text.matchAll(/`((?:src|test|docs|client|examples)\/[^`\s]+|[\w.-]+\.(?:md|json)|Dockerfile)`/g)].map(
    ([, path = '']) => path,
  )

it('docs/security.md answers each requirement of levels 1 and 2 of ASVS 5.0.0, once and in order', () => {
  expect(required).toHaveLength(253)
  expect(lines.map(({ number }) => number)).toEqual(required)
})

it('says of each whether it is met, and by what', () => {
  const states = new Set(['Met', 'Partly', 'Not met', 'Operator', 'N/A'])
  expect(lines.filter(({ state }) => !states.has(state))).toEqual([])
  const shown = ({ how }: Line) => paths(how).length > 0 || /this page|as \d/.test(how)
  expect(lines.filter((line) => line.state === 'Met' && !shown(line))).toEqual([])
})

it('counts them as they are', () => {
  const count = (state: string) => lines.filter((line) => line.state === state).length
  const [met, partly, unmet, operator, none] = ['Met', 'Partly', 'Not met', 'Operator', 'N/A'].map(count)
  expect(document).toContain(
    `Of 253: ${met} met, ${partly} partly, ${unmet} not met, ${operator} the operator's, ${none} not applicable.`,
  )
})

it('names no file that is not there', () => {
  const named = paths(document)
  expect(named.length).toBeGreaterThan(200)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})
