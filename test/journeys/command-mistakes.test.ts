import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BackupError } from '../../src/platform/backup/backup-error.ts'
import { createFolderTarget } from '../../src/platform/backup/folder-target.ts'
import { runLectern } from '../support/server.ts'

let root: string
let data: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lectern-mistakes-'))
  data = join(root, 'data')
})
afterAll(() => rm(root, { recursive: true, force: true }))

describe('what whoever types can mend is said in a line, and nothing is made', { timeout: 60_000 }, () => {
  it.each<[what: string, args: string[], said: RegExp]>([
    ['restore of a folder', ['restore', tmpdir()], /^\S+ is a folder: name the file of a backup\.$/],
    ['restore of no file', ['restore', '/no/such/file'], /^There is no file \/no\/such\/file\.$/],
    ['backup where there is no school', ['backup'], /^There is no school in \S+ yet: set LECTERN_DATA .*\.$/],
  ])('%s', async (_what, args, said) => {
    const { code, stderr } = await runLectern(args, { LECTERN_DATA: data })
    const lines = stderr.trim().split('\n')
    expect({ code, last: lines.at(-1) }).toEqual({ code: 1, last: expect.stringMatching(said) })
    expect(stderr).not.toMatch(/^ +at /m)
    expect(await readdir(root)).toEqual([])
  })

  it('doctor where there is nothing yet', async () => {
    const { code, stdout } = await runLectern(['doctor'], { LECTERN_DATA: data })
    expect(code).toBe(0)
    expect(stdout).toMatch(/warning +database .*no database/)
    expect(stdout).toMatch(/ok +media store +The store is made in .* at the start\./)
    expect(await readdir(root)).toEqual([])
  })
})

it.each(['file', 'file/below'])('backups do not go to %s: a file', async (path) => {
  await writeFile(join(root, 'file'), 'a file')
  const put = createFolderTarget(join(root, path)).put('a', Readable.from([Buffer.from('a')]))
  await expect(put).rejects.toThrow(BackupError)
  await expect(put).rejects.toThrow(/Set BACKUP_TARGET to a folder/)
})
