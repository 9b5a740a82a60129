import { afterAll, beforeAll, expect, it } from 'vitest'
import { lossySignals } from '../../../test/support/lossy-signals.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { createFollower } from './follower.ts'
import { signal } from './signals.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** The numbers of the rows of a table of its own that have a word, and what was read of it. */
async function makeFollower(topic: string) {
  const table = new Map([
    [1, 'red'],
    [2, 'blue'],
    [3, 'red'],
  ])
  const read: string[] = []
  const faults: Error[] = []
  const { connection, signals } = lossySignals(world.deps.signals)
  const say = async (said: string) => {
    read.push(said)
    const found = [...table]
    const [fault] = faults.splice(0, 1)
    // What comes while it is being read comes after what it finds.
    await new Promise(setImmediate)
    if (fault) throw fault
    return found
  }
  const follower = await createFollower({
    signals,
    topics: [topic],
    async read(numbers) {
      const rows = await say(`rows ${numbers}`)
      return rows.filter(([number]) => numbers.includes(number)).map(([number, word]) => ({ number, word }))
    },
  })
  const kept = follower.keep<{ word: string; numbers: readonly number[] }>(
    {
      bytesOf: ({ numbers }) => 8 * numbers.length,
      follow({ word, numbers }, changed) {
        const left = numbers.filter((number) => !changed.has(number))
        const come = [...changed].flatMap(([number, row]) => (row?.word === word ? [number] : []))
        return { word, numbers: [...left, ...come].sort() }
      },
    },
    100_000,
  )
  const withWord = async (word: string) => {
    const anew = async () => {
      const rows = await say(word)
      return { word, numbers: rows.flatMap(([number, has]) => (has === word ? [number] : [])) }
    }
    return (await kept.recall(word, anew)).numbers
  }
  const tell = (...texts: (number | string)[]) =>
    world.deps.transact(async (tx) => {
      for (const text of texts) await signal(tx, topic, String(text))
    })
  return { table, read, faults, connection, withWord, tell }
}

it('reads once, however many ask', async () => {
  const { withWord, read } = await makeFollower('once')
  expect(await Promise.all([withWord('red'), withWord('red'), withWord('blue')])).toEqual([
    [1, 3],
    [1, 3],
    [2],
  ])
  expect(await withWord('red')).toEqual([1, 3])
  expect(read).toEqual(['red', 'blue'])
})

it('reads of all that was found the rows alone that were told to be others, and those once', async () => {
  const { table, withWord, tell, read } = await makeFollower('rows')
  await Promise.all([withWord('red'), withWord('blue'), withWord('green')])
  table.set(1, 'blue').set(4, 'red').delete(3)
  await tell(1, 3, 4)
  expect(await Promise.all(['red', 'blue', 'green'].map(withWord))).toEqual([[4], [1, 2], []])
  expect(new Set(read.slice(3))).toEqual(new Set(['rows 1,3,4']))
})

it('follows what was told while it was being read, and shares no reading that began before', async () => {
  const { table, withWord, tell } = await makeFollower('meanwhile')
  const before = withWord('red')
  table.set(2, 'red')
  await tell(2)
  const after = withWord('red')
  expect(await after).toEqual([1, 2, 3])
  await before
  expect(await withWord('red')).toEqual([1, 2, 3])
})

it.each([
  ['very many rows are others', 'many', Array.from({ length: 60 }, (_, n) => n + 10)],
  ['any row may be another', 'any', ['all']],
])('reads anew where %s', async (_why, topic, texts) => {
  const { table, withWord, tell, read } = await makeFollower(topic)
  await withWord('red')
  table.set(2, 'red')
  await tell(...texts)
  expect(await withWord('red')).toEqual([1, 2, 3])
  expect(read).toEqual(['red', 'red'])
})

it('reads for whoever asks while signals may be missed, and anew when they come again', async () => {
  const { table, withWord, read, connection } = await makeFollower('lost')
  await withWord('red')
  connection.lost = true
  table.set(2, 'red')
  expect(await withWord('red')).toEqual([1, 2, 3])
  table.set(2, 'green')
  expect(await withWord('red')).toEqual([1, 3])
  table.set(3, 'green')
  await connection.catchUp()
  connection.lost = false
  expect(await withWord('red')).toEqual([1])
  expect(read).toEqual(['red', 'red', 'red', 'red'])
})

it('keeps nothing of a reading that failed', async () => {
  const { table, withWord, tell, faults } = await makeFollower('faults')
  faults.push(new Error('away'))
  await expect(withWord('red')).rejects.toThrow('away')
  expect(await withWord('red')).toEqual([1, 3])
  table.set(2, 'red')
  await tell(2)
  faults.push(new Error('away again'))
  await expect(withWord('red')).rejects.toThrow('away again')
  expect(await withWord('red')).toEqual([1, 2, 3])
})
