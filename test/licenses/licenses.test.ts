import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isAllowed, readPackages, renderLicenses } from './licenses.ts'

const root = join(import.meta.dirname, '../..')

it('all that production installs may be used with no more than a notice', async () => {
  const packages = await readPackages(root)
  expect(packages.length).toBeGreaterThan(100)
  expect(packages.filter((one) => !isAllowed(one))).toEqual([])
})

it('docs/licences.md lists it', async () => {
  const listed = await readFile(join(root, 'docs/licences.md'), 'utf8')
  expect(listed).toBe(renderLicenses(await readPackages(root)))
})

it.each([
  ['x', 'MIT', true],
  ['x', '(MIT OR GPL-3.0-only)', true],
  ['x', 'MIT AND GPL-3.0-only', false],
  ['x', 'GPL-3.0-only OR MIT AND ISC', true],
  ['x', '(MIT OR ISC) AND GPL-3.0-only', false],
  ['x', 'GPL-3.0-only', false],
  ['x', 'AGPL-3.0-or-later', false],
  ['x', 'LGPL-3.0-or-later', false],
  ['@img/sharp-libvips-linux-x64', 'LGPL-3.0-or-later', true],
  ['x', 'SEE LICENSE IN LICENSE.txt', false],
  ['x', 'UNLICENSED', false],
  ['x', undefined, false],
])('%s under %s is allowed: %s', (name, license, allowed) => {
  expect(isAllowed({ name, version: '1.0.0', license })).toBe(allowed)
})
