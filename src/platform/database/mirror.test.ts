import { afterAll, beforeAll, expect, it } from 'vitest'
import { lossySignals } from '../../../test/support/lossy-signals.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { createMirror, everyRow } from './mirror.ts'
import { signal } from './signals.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** A table of its own, and what was read of it. */
async function makeMirror(topic: string) {
  const table = new Map([1, 2, 3].map((number) => [number, `row ${number}`]))
  const readings: (readonly number[] | null)[] = []
  const faults: Error[] = []
  const { connection, signals } = lossySignals(world.deps.signals)
  const mirrored = await createMirror({
    signals,
    topics: [topic],
    async read(numbers) {
      readings.push(numbers)
      const [fault] = faults.splice(0, 1)
      // What comes while it is being read comes after what it finds.
      const found = [...table].filter(([number]) => numbers?.includes(number) ?? true)
      await new Promise(setImmediate)
      if (fault) throw fault
      return found.map(([number, text]) => ({ number, text }))
    },
    keep() {
      const rows = new Map<number, string>()
      return {
        rows,
        put: ({ number, text }) => void rows.set(number, text),
        remove: (number) => void rows.delete(number),
      }
    },
  })
  return {
    table,
    readings,
    faults,
    connection,
    rows: async () => [...(await mirrored()).rows.values()].sort(),
    tell: (...numbers: (number | string)[]) =>
      world.deps.transact(async (tx) => {
        for (const number of numbers) await signal(tx, topic, String(number))
      }),
  }
}

it('reads everything once, however many ask', async () => {
  const { rows, readings } = await makeMirror('first')
  const answers = await Promise.all([rows(), rows(), rows()])
  expect(answers[2]).toEqual(['row 1', 'row 2', 'row 3'])
  expect(readings).toEqual([null])
})
it('reads what was told to be another: changed, deleted, inserted; at once after the commit', async () => {
  const { table, rows, readings, tell } = await makeMirror('changed')
  await rows()
  table.set(1, 'changed').set(4, 'new').delete(2)
  await tell(1, 2, 4)
  expect(await rows()).toEqual(['changed', 'new', 'row 3'])
  expect(readings[1]).toEqual([1, 2, 4])
})
it('reads everything again where very much is another', async () => {
  const { rows, readings, tell } = await makeMirror('much')
  await rows()
  await tell(...Array.from({ length: 501 }, (_, number) => number))
  await rows()
  expect(readings).toEqual([null, null])
})
it('reads everything again after a reading that failed', async () => {
  const { table, rows, readings, faults, tell } = await makeMirror('failed')
  await rows()
  table.set(1, 'changed')
  await tell(1)
  faults.push(new Error('away'))
  await expect(rows()).rejects.toThrow('away')
  expect(await rows()).toEqual(['changed', 'row 2', 'row 3'])
  expect(readings).toEqual([null, [1], null])
})
it('reads again what changes while it is being read', async () => {
  const { table, rows, tell } = await makeMirror('meanwhile')
  await rows()
  await tell(1)
  const reading = rows()
  table.set(1, 'later')
  await tell(1)
  await reading
  expect(await rows()).toEqual(['later', 'row 2', 'row 3'])
})
it('reads everything again when it is told to', async () => {
  const { table, rows, tell } = await makeMirror('every')
  await rows()
  table.set(1, 'changed unsaid')
  expect(await rows()).toContain('row 1')
  await tell(everyRow)
  expect(await rows()).toContain('changed unsaid')
})
it('reads everything again after a connection that was lost is back', async () => {
  const { table, rows, readings, connection } = await makeMirror('back')
  await rows()
  table.set(1, 'missed')
  await connection.catchUp()
  expect(await rows()).toContain('missed')
  expect(readings).toEqual([null, null])
})
it('without a connection everyone gets what was so when they asked, many by one reading', async () => {
  const { table, rows, readings, connection } = await makeMirror('lost')
  await rows()
  connection.lost = true
  const first = rows()
  await Promise.resolve()
  // The reading of the first has begun: it serves nobody who asks from here on.
  table.set(1, 'unheard')
  const others = await Promise.all(Array.from({ length: 30 }, rows))
  expect(others.every((found) => found.includes('unheard'))).toBe(true)
  await first
  expect(readings).toEqual([null, null, null])
  table.set(2, 'unheard too')
  expect(await rows()).toContain('unheard too')
})
