import { once } from 'node:events'
import { chmod, chown, mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { accountIn, type Runner, runnerForData, runnerForNew, spawnAs } from './account.ts'
import { recordingLog, runsAsRoot, temporaryFolder } from './test-support.ts'

const passwd =
  'root:x:0:0::/root:/bin/sh\nnobody2:x:7:7::/:\nnobody:x:65534:65533:nobody:/:/bin/false\nbroken:x\n'

it.each([
  ['nobody', { uid: 65_534, gid: 65_533 }],
  ['root', null],
  ['broken', null],
  ['postgres', null],
])('the account %s is read from the list of accounts', (name, account) => {
  expect(accountIn(passwd, name)).toEqual(account)
})

describe.runIf(runsAsRoot)('root', () => {
  /** A folder for data and a program that tells who runs it and whether it can write there, under a folder with this mode. */
  async function place(mode: number): Promise<{ folder: string; program: string }> {
    const above = join(await temporaryFolder(), 'above')
    const [folder, program] = [join(above, 'data'), join(above, 'program')]
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFile(program, '#!/bin/sh\necho written > "$1/file" && id -u\n')
    await chmod(program, 0o755)
    await chmod(above, mode)
    return { folder, program }
  }

  async function output(runner: Runner, program: string, folder: string): Promise<string> {
    const child = spawnAs(runner, program, [folder], { stdio: ['ignore', 'pipe', 'ignore'] })
    const [said] = await Promise.all([child.stdout ? text(child.stdout) : '', once(child, 'exit')])
    return said.trim()
  }

  it('runs the server under an unprivileged account, and later under the same', async () => {
    const { folder, program } = await place(0o755)
    const runner = await runnerForNew(folder, program, recordingLog())
    expect(runner.name).toBe('account')
    const { uid } = await stat(folder)
    expect(uid).toBeGreaterThan(0)
    expect(await output(runner, program, folder)).toBe(String(uid))
    expect(await runnerForData(folder, program)).toEqual(runner)
  })

  it('lets that account through a closed folder above data and programs', async () => {
    const { folder, program } = await place(0o700)
    const runner = await runnerForNew(folder, program, recordingLog())
    expect(runner.name).not.toBe('account')
    expect(Number(await output(runner, program, folder))).toBeGreaterThan(0)
    expect(await runnerForData(folder, program)).toEqual(runner)
    // access(2), by which PostgreSQL finds its own programs, looks at the real user's rights instead of the effective ones.
    const looks = ['-e', 'require("node:fs").accessSync(process.argv[1], 1)', program]
    const [code] = await once(spawnAs(runner, process.execPath, looks, { stdio: 'ignore' }), 'exit')
    expect(code).toBe(0)
  })

  it('takes the account that owns the folders around', async () => {
    const { folder, program } = await place(0o755)
    await chown(join(folder, '..'), 12_345, 12_346)
    const runner = await runnerForNew(folder, program, recordingLog())
    expect(runner.owner).toEqual({ uid: 12_345, gid: 12_346 })
  })

  it('says what to do where no way works', async () => {
    const { folder } = await place(0o755)
    await expect(runnerForNew(folder, '/no/such/program', recordingLog())).rejects.toThrow(
      /ordinary user.*DATABASE_URL/,
    )
  })
})
