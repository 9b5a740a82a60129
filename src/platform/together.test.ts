import { expect, it } from 'vitest'
import { doTogether } from './together.ts'

function opened() {
  const batches: { items: readonly number[]; finish: () => void; fail: () => void }[] = []
  const ask = doTogether(
    (items: readonly number[]) => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly number[]>()
      const finish = () => resolve(items.map((item) => item * 10))
      batches.push({ items, finish, fail: () => reject(new Error(`of ${items}`)) })
      return promise
    },
    { atOnce: 2, most: 3 },
  )
  return { ask, batches }
}
const turn = () => new Promise(setImmediate)

it('does at once what comes alone, and together what comes while that is under way, so many at a time', async () => {
  const { ask, batches } = opened()
  const asked = [1, 2, 3, 4, 5, 6, 7].map(ask)
  expect(batches.map(({ items }) => items)).toEqual([[1], [2]])
  batches[1]?.finish()
  await turn()
  expect(batches.map(({ items }) => items)).toEqual([[1], [2], [3, 4, 5]])
  batches[0]?.finish()
  await turn()
  expect(batches.at(-1)?.items).toEqual([6, 7])
  for (const { finish } of batches) finish()
  expect(await Promise.all(asked)).toEqual([10, 20, 30, 40, 50, 60, 70])
})

it('tries what fails one by one, so that one fault is nobody else’s', async () => {
  const { ask, batches } = opened()
  const asked = [1, 2, 3, 4].map(ask)
  const outcomes = Promise.allSettled(asked)
  batches[0]?.finish()
  batches[1]?.finish()
  await turn()
  batches[2]?.fail()
  await turn()
  batches[3]?.fail()
  await turn()
  batches[4]?.finish()
  expect((await outcomes).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
  expect(batches.slice(2).map(({ items }) => items)).toEqual([[3, 4], [3], [4]])
})
