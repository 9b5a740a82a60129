import { expect, it } from 'vitest'
import { overloaded, refuse } from './http/refusal.ts'
import { doTogether } from './together.ts'

function opened() {
  const batches: { items: readonly number[]; finish: () => void; fail: (error?: Error) => void }[] = []
  const ask = doTogether(
    (items: readonly number[]) => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly number[]>()
      const finish = () => resolve(items.map((item) => item * 10))
      batches.push({ items, finish, fail: (error = new Error(`of ${items}`)) => reject(error) })
      return promise
    },
    { atOnce: 2, most: 3, mostWaiting: 6 },
  )
  return { ask, batches }
}
const turn = () => new Promise(setImmediate)

it('does together what comes in one turn, and what comes while that is under way, so many at a time', async () => {
  const { ask, batches } = opened()
  const asked = [1, 2].map(ask)
  await turn()
  asked.push(ask(3))
  await turn()
  expect(batches.map(({ items }) => items)).toEqual([[1, 2], [3]])
  asked.push(...[4, 5, 6, 7, 8].map(ask))
  await turn()
  expect(batches).toHaveLength(2)
  batches[1]?.finish()
  await turn()
  expect(batches.slice(2).map(({ items }) => items)).toEqual([[4, 5, 6]])
  batches[0]?.finish()
  await turn()
  expect(batches.at(-1)?.items).toEqual([7, 8])
  for (const { finish } of batches) finish()
  expect(await Promise.all(asked)).toEqual([10, 20, 30, 40, 50, 60, 70, 80])
})

it('begins anew for who comes when all is done', async () => {
  const { ask, batches } = opened()
  const first = ask(1)
  await turn()
  batches[0]?.finish()
  expect(await first).toBe(10)
  const second = ask(2)
  await turn()
  expect(batches.map(({ items }) => items)).toEqual([[1], [2]])
  batches[1]?.finish()
  expect(await second).toBe(20)
})

it('tries what fails one by one, so that one fault is nobody else’s', async () => {
  const { ask, batches } = opened()
  const outcomes = Promise.allSettled([1, 2].map(ask))
  await turn()
  batches[0]?.fail()
  await turn()
  batches[1]?.fail()
  await turn()
  batches[2]?.finish()
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  expect(batches.map(({ items }) => items)).toEqual([[1, 2], [1], [2]])
})

it.each([
  ['which is overloaded', refuse(overloaded)],
  ['to which no connection was to be had', new Error('timeout exceeded when trying to connect')],
  ['which is silent', Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })],
])(
  'tries nothing again that has waited in vain for a database %s, and nobody else waits for it',
  async (_, away) => {
    const { ask, batches } = opened()
    const first = Promise.allSettled([1, 2, 3].map(ask))
    const others = Promise.all([4, 5, 6].map(ask))
    await turn()
    const waiting = Promise.allSettled([7, 8].map(ask))
    batches[0]?.fail(away)
    for (const { status, ...outcome } of [...(await first), ...(await waiting)])
      expect([status, outcome]).toEqual(['rejected', { reason: away }])
    batches[1]?.finish()
    expect(await others).toEqual([40, 50, 60])
    expect(batches).toHaveLength(2)
    const next = ask(9)
    await turn()
    batches[2]?.finish()
    expect(await next).toBe(90)
  },
)

it('503 overloaded where as many wait as may', async () => {
  const { ask, batches } = opened()
  const asked = [1, 2, 3, 4, 5, 6].map(ask)
  await expect(ask(7)).rejects.toMatchObject({ kind: overloaded })
  await turn()
  for (const { finish } of batches) finish()
  expect(await Promise.all(asked)).toEqual([10, 20, 30, 40, 50, 60])
})
