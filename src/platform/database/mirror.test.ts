import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { createMirror } from './mirror.ts'
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
  const mirrored = await createMirror({
    signals: world.deps.signals,
    topic,
    async read(numbers) {
      readings.push(numbers)
      const [fault] = faults.splice(0, 1)
      if (fault) throw fault
      const found = [...table].filter(([number]) => numbers?.includes(number) ?? true)
      return found.map(([number, text]) => ({ number, text }))
    },
  })
  return {
    table,
    readings,
    faults,
    rows: async () => [...(await mirrored()).rows.values()].map(({ text }) => text).sort(),
    version: async () => (await mirrored()).version,
    tell: (...numbers: number[]) =>
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
  const { table, rows, readings, tell, version } = await makeMirror('changed')
  await rows()
  const before = await version()
  table.set(1, 'changed').set(4, 'new').delete(2)
  await tell(1, 2, 4)
  expect(await rows()).toEqual(['changed', 'new', 'row 3'])
  expect(readings[1]).toEqual([1, 2, 4])
  expect(await version()).not.toBe(before)
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
