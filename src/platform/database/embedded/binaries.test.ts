import { access } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { findBinaries } from './binaries.ts'

it('finds the programs for this platform', async () => {
  const { postgres, initdb, pgCtl, major } = await findBinaries()
  await Promise.all([postgres, initdb, pgCtl].map((program) => access(program)))
  expect(major).toBe('18')
})

it('names DATABASE_URL where there are none', async () => {
  await expect(findBinaries('sunos', 'sparc')).rejects.toThrow(/sunos on sparc.*DATABASE_URL/)
})
