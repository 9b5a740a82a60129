import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { createLargeMirror } from './large-mirror.ts'
import { everyRow } from './mirror.ts'
import { signal } from './signals.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** A table of its own, read two rows at a time, and what was read of it. */
async function makeMirror(topic: string, mostBytes = 100) {
  const table = new Map([1, 2, 3].map((number) => [number, `row ${number}`]))
  const readings: (readonly number[] | string)[] = []
  const faults: Error[] = []
  const { signals, log } = world.deps
  const connection = { lost: false, catchUp: async () => {} }
  const read = async (said: readonly number[] | string, isWanted: (number: number) => boolean) => {
    readings.push(said)
    const [fault] = faults.splice(0, 1)
    // What comes while it is being read comes after what it finds.
    const found = [...table].sort(([a], [b]) => a - b).filter(([number]) => isWanted(number))
    await new Promise(setImmediate)
    if (fault) throw fault
    return found.map(([number, text]) => ({ number, text }))
  }
  const mirrored = await createLargeMirror({
    signals: {
      ...signals,
      connected: () => !connection.lost && signals.connected(),
      onConnect: async (catchUp) => {
        connection.catchUp = catchUp
        await catchUp()
      },
    },
    log,
    topics: [topic],
    read: (numbers) => read(numbers, (number) => numbers.includes(number)),
    readAfter: async (after) => (await read(`after ${after}`, (number) => number > after)).slice(0, 2),
    keep() {
      const rows = new Map<number, string>()
      return {
        rows,
        get bytes() {
          return 10 * rows.size
        },
        put({ number, text }) {
          expect(rows.has(number)).toBe(false)
          rows.set(number, text)
        },
        remove(numbers) {
          for (const number of numbers) rows.delete(number)
        },
      }
    },
    mostBytes,
  })
  const rows = async () => {
    const found = await mirrored()
    return found && [...found.rows.values()].sort()
  }
  return {
    table,
    readings,
    faults,
    connection,
    rows,
    /** When they are there. */
    whole: () => vi.waitUntil(rows),
    tell: (...numbers: (number | string)[]) =>
      world.deps.transact(async (tx) => {
        for (const number of numbers) await signal(tx, topic, String(number))
      }),
  }
}

it('reads everything aside, a part at a time and once, however many ask; and nothing before the first asks', async () => {
  const { rows, whole, readings, connection } = await makeMirror('first')
  await connection.catchUp()
  expect(readings).toEqual([])
  expect(await Promise.all([rows(), rows(), rows()])).toEqual([null, null, null])
  expect(await whole()).toEqual(['row 1', 'row 2', 'row 3'])
  expect(readings).toEqual(['after 0', 'after 2', 'after 3'])
})
it('reads what was told to be another: changed, deleted, inserted; at once after the commit', async () => {
  const { table, rows, whole, readings, tell } = await makeMirror('changed')
  await whole()
  table.set(1, 'changed').set(4, 'new').delete(2)
  await tell(1, 2, 4)
  expect(await rows()).toEqual(['changed', 'new', 'row 3'])
  expect(readings.at(-1)).toEqual([1, 2, 4])
})
it('reads again what changes while everything is being read, and while it is read by itself', async () => {
  const { table, rows, whole, tell } = await makeMirror('meanwhile')
  await rows()
  table.set(1, 'later')
  await tell(1)
  expect(await whole()).toEqual(['later', 'row 2', 'row 3'])
  await tell(1)
  const reading = rows()
  table.set(1, 'latest')
  await tell(1)
  await reading
  expect(await rows()).toEqual(['latest', 'row 2', 'row 3'])
})
it('reads everything again, aside, where it is told to', async () => {
  const { table, rows, whole, tell } = await makeMirror('every')
  await whole()
  table.set(1, 'unsaid')
  await tell(everyRow)
  expect(await rows()).toBeNull()
  expect(await whole()).toContain('unsaid')
})
it('reads what is another aside, and nothing else, where that is much', async () => {
  const { table, rows, whole, readings, tell } = await makeMirror('much')
  await whole()
  const known = readings.length
  table.set(1, 'another').delete(2)
  await tell(...Array.from({ length: 11 }, (_, number) => number))
  expect(await rows()).toBeNull()
  expect(await whole()).toEqual(['another', 'row 3'])
  expect(readings.slice(known).every(Array.isArray)).toBe(true)
})
it('begins again where it is told to while it reads', async () => {
  const { table, rows, whole, tell, readings } = await makeMirror('again')
  await rows()
  table.set(1, 'another')
  await tell(everyRow)
  expect(await whole()).toContain('another')
  expect(readings.filter((said) => said === 'after 0').length).toBeGreaterThan(1)
})
it('is not there without a connection, and reads everything again when it is back', async () => {
  const { table, rows, whole, connection } = await makeMirror('back')
  await whole()
  connection.lost = true
  expect(await rows()).toBeNull()
  table.set(1, 'missed')
  connection.lost = false
  await connection.catchUp()
  expect(await rows()).toBeNull()
  expect(await whole()).toContain('missed')
})
it('goes on where a reading failed, of some or of all: nothing is read again', async () => {
  const { table, rows, whole, readings, faults, tell } = await makeMirror('failed')
  expect(await rows()).toBeNull()
  faults.push(new Error('away'))
  expect(await whole()).toContain('row 1')
  expect(readings).toEqual(['after 0', 'after 2', 'after 2', 'after 3'])
  table.set(1, 'changed').set(2, 'another')
  await tell(1, 2)
  faults.push(new Error('away'))
  await expect(rows()).rejects.toThrow('away')
  expect(await rows()).toContain('changed')
  await tell(...Array.from({ length: 11 }, (_, number) => number))
  table.set(3, 'last')
  faults.push(new Error('away'))
  expect(await rows()).toBeNull()
  expect(await whole()).toEqual(['another', 'changed', 'last'])
  expect(readings.filter((said) => said === 'after 0')).toHaveLength(1)
})
it('does not read again what changed before the first asked', async () => {
  const { whole, readings, tell } = await makeMirror('before')
  let heard = 0
  world.deps.signals.on('before', () => heard++)
  await tell(...Array.from({ length: 30 }, (_, number) => number))
  await vi.waitUntil(() => heard === 60)
  expect(await whole()).toHaveLength(3)
  expect(readings).toEqual(['after 0', 'after 2', 'after 3'])
})
it('gives up what takes too much memory already while it is brought to what changed', async () => {
  const { table, rows, whole, readings, tell } = await makeMirror('growing', 30)
  await whole()
  for (let number = 4; number < 100; number++) table.set(number, 'new')
  await tell(...table.keys())
  expect(await rows()).toBeNull()
  await vi.waitUntil(() => readings.length > 3)
  expect(await rows()).toBeNull()
  expect(readings.length).toBeLessThan(6)
})
it('gives up what takes too much memory, until everything is to be read again', async () => {
  const { table, rows, whole, readings, tell } = await makeMirror('too much', 30)
  await whole()
  table.set(4, 'too much')
  await tell(4)
  expect(await rows()).toBeNull()
  const known = readings.length
  expect(await rows()).toBeNull()
  expect(readings.length).toBe(known)
  await tell(everyRow)
  await vi.waitUntil(() => readings.length >= known + 2)
  expect(await rows()).toBeNull()
  table.delete(1)
  await tell(everyRow)
  expect(await whole()).toContain('too much')
})
