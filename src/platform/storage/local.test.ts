import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import { createLocalStorage } from './local.ts'
import type { Storage } from './storage.ts'

let folder: string
let storage: Storage

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lectern-storage-'))
  storage = await createLocalStorage({ folder, clock: systemClock })
})
afterEach(() => rmSync(folder, { recursive: true }))

const text = { contentType: 'text/plain; charset=utf-8' }
const incoming = () => readdirSync(join(folder, '.incoming'))

async function contentOf(key: string): Promise<string | null> {
  const object = await storage.open(key)
  return object && (await buffer(object.stream)).toString()
}

describe('put and open', () => {
  test('gives back bytes and content type after a restart', async () => {
    await storage.put('media/2026/a_b-1.txt', Readable.from(['hello ', 'world']), text)
    storage = await createLocalStorage({ folder, clock: systemClock })
    const object = await storage.open('media/2026/a_b-1.txt')
    expect(object).toMatchObject({ bytes: 11, totalBytes: 11, ...text })
    object?.stream.destroy()
    expect(await contentOf('media/2026/a_b-1.txt')).toBe('hello world')
  })

  test('replaces bytes and type together, while one who reads the old ones goes on', async () => {
    await storage.put('a', Buffer.from('old'), text)
    const old = await storage.open('a')
    await storage.put('a', Buffer.from('newer'), { contentType: 'image/png' })
    const renewed = await storage.open('a')
    renewed?.stream.destroy()
    expect(renewed?.contentType).toBe('image/png')
    expect(await contentOf('a')).toBe('newer')
    expect(old && (await buffer(old.stream)).toString()).toBe('old')
  })

  test('of many writers at once one wins, whole', async () => {
    const writers = Array.from({ length: 20 }, (_, i) => ({
      content: `${i}`.repeat(50_000),
      type: `test/t${i}`,
    }))
    await Promise.all(
      writers.map(({ content, type }) =>
        storage.put('raced', Readable.from([content]), { contentType: type }),
      ),
    )
    const object = await storage.open('raced')
    const winner = writers.find(({ type }) => type === object?.contentType)
    expect(object && (await buffer(object.stream)).toString()).toBe(winner?.content)
    expect(incoming()).toEqual([])
  })

  test('has no address of its own: the program serves the bytes', async () => {
    await storage.put('a', Buffer.from('x'), text)
    expect(await storage.link('a', { seconds: 60 })).toBeNull()
  })

  test('refuses a file that it did not write rather than cut its end off', async () => {
    await writeFile(join(folder, 'foreign'), `${'x'.repeat(900)}/${'x'.repeat(99)}`)
    await expect(storage.open('foreign')).rejects.toThrow('foreign is damaged')
    await writeFile(join(folder, 'short'), 'x')
    await expect(storage.open('short')).rejects.toThrow('short is damaged')
  })
})

describe('what fails half-way', () => {
  async function* breaking() {
    yield Buffer.alloc(100_000)
    throw new Error('the client went away')
  }

  test('a broken source leaves no file behind', async () => {
    await expect(storage.put('a', Readable.from(breaking()), text)).rejects.toThrow('the client went away')
    expect(incoming()).toEqual([])
  })

  test('a killed process leaves nothing under the key, and its remains go after an hour', async () => {
    const module = join(import.meta.dirname, 'local.ts')
    const program = `import { createLocalStorage } from ${JSON.stringify(module)}
      const storage = await createLocalStorage({ folder: process.argv[1], clock: { now: () => new Date() } })
      await storage.put('a', process.stdin, { contentType: 'text/plain' })`
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program, folder])
    child.stdin.on('error', () => {})
    child.stdin.write(Buffer.alloc(1_000_000))
    await vi.waitFor(
      () => expect(statSync(join(folder, '.incoming', incoming()[0] ?? '?')).size).toBe(1_000_000),
      {
        timeout: 10_000,
      },
    )
    child.kill('SIGKILL')
    await once(child, 'exit')

    expect(await storage.open('a')).toBeNull()
    const inMinutes = (minutes: number) => ({ now: () => new Date(Date.now() + minutes * 60_000) })
    await createLocalStorage({ folder, clock: inMinutes(59) })
    expect(incoming()).toHaveLength(1)
    await createLocalStorage({ folder, clock: inMinutes(61) })
    expect(incoming()).toEqual([])
  })

  test('an upload that is still being written survives another process that starts', async () => {
    let finish = () => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    async function* slow() {
      yield 'one '
      await finished
      yield 'two'
    }
    const put = storage.put('a', Readable.from(slow()), text)
    await vi.waitFor(() => expect(incoming()).toHaveLength(1), 10_000)
    await createLocalStorage({ folder, clock: systemClock })
    finish()
    await put
    expect(await contentOf('a')).toBe('one two')
  })
})

test('the stored file begins with the bytes themselves, for a person with an image viewer', async () => {
  await storage.put('image.png', Buffer.from('PNG'), { contentType: 'image/png' })
  expect((await readFile(join(folder, 'image.png'))).subarray(0, 3).toString()).toBe('PNG')
})
