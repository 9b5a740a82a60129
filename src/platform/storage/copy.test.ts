import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { copyObject, deleteCopied } from './copy.ts'
import { createLocalStorage } from './local.ts'
import type { Storage } from './storage.ts'

let folder: string
let from: Storage
let to: Storage
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lectern-copy-'))
  from = await createLocalStorage({ folder: join(folder, 'from'), clock: systemClock })
  to = await createLocalStorage({ folder: join(folder, 'to'), clock: systemClock })
})
afterEach(() => rm(folder, { recursive: true }))

const text = { contentType: 'text/plain' }
const key = 'a'
const read = async (storage: Storage) => {
  const object = await storage.open(key)
  return object && (await buffer(object.stream)).toString()
}

describe('copyObject', () => {
  test('copies bytes and type, and the next time leaves what is there', async () => {
    await from.put(key, Buffer.from('bytes'), text)
    expect(await copyObject({ from, to, key })).toEqual({ outcome: 'copied', bytes: 5 })
    expect(await to.head(key)).toEqual({ totalBytes: 5, ...text })
    expect(await read(to)).toBe('bytes')
    expect(await copyObject({ from, to, key })).toEqual({ outcome: 'present', bytes: 5 })
  })

  test.each([
    ['of another size', 'half', text],
    ['of another type', 'other', { contentType: 'image/png' }],
  ])('replaces what is there %s', async (_what, bytes, type) => {
    await from.put(key, Buffer.from('whole'), text)
    await to.put(key, Buffer.from(bytes), type)
    expect(await copyObject({ from, to, key })).toMatchObject({ outcome: 'copied' })
    expect(await read(to)).toBe('whole')
  })

  test('leaves what only the new store has, and tells what neither has', async () => {
    expect(await copyObject({ from, to, key })).toEqual({ outcome: 'missing' })
    await to.put(key, Buffer.from('new'), text)
    expect(await copyObject({ from, to, key })).toEqual({ outcome: 'present', bytes: 3 })
  })

  test('removes a copy that does not read back the same, and says so', async () => {
    await from.put(key, Buffer.from('bytes'), text)
    const forgetful: Storage = {
      ...to,
      put: (name, _source, type) => to.put(name, Buffer.from('bites'), type),
    }
    await expect(copyObject({ from, to: forgetful, key })).rejects.toThrow('the copy is not what was read')
    expect(await to.head(key)).toBeNull()
    expect(await read(from)).toBe('bytes')
  })
})

describe('deleteCopied', () => {
  test('deletes what the other store has the same of, and does nothing where there is none', async () => {
    await from.put(key, Buffer.from('bytes'), text)
    await copyObject({ from, to, key })
    expect(await deleteCopied({ from, to, key })).toBe(true)
    expect(await from.head(key)).toBeNull()
    expect(await deleteCopied({ from, to, key })).toBe(false)
  })

  test.each([null, 'bites'])('keeps it where the other store has %j', async (there) => {
    await from.put(key, Buffer.from('bytes'), text)
    if (there) await to.put(key, Buffer.from(there), text)
    await expect(deleteCopied({ from, to, key })).rejects.toThrow('stays')
    expect(await read(from)).toBe('bytes')
  })
})
