import { expect, it } from 'vitest'
import { readTogether } from './read-together.ts'

function gate() {
  const readings: { end: (value: string) => void; fail: (why: Error) => void; asked: number }[] = []
  const ask = readTogether((asked: number) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    readings.push({ end: resolve, fail: reject, asked })
    return promise
  })
  return { readings, ask }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

it('answers nobody by a reading that had begun before they asked, and all who waited by one', async () => {
  const { readings, ask } = gate()
  const first = ask('school', 1)
  await turn()
  const others = [ask('school', 2), ask('school', 3)]
  await turn()
  expect(readings.map(({ asked }) => asked)).toEqual([1])
  readings[0]?.end('old')
  expect(await first).toBe('old')
  await turn()
  expect(readings.map(({ asked }) => asked)).toEqual([1, 2])
  readings[1]?.end('new')
  expect(await Promise.all(others)).toEqual(['new', 'new'])
})

it('keeps different questions apart, and reads anew after a reading that failed', async () => {
  const { readings, ask } = gate()
  const [one, other] = [ask('one', 1), ask('other', 2)]
  await turn()
  expect(readings).toHaveLength(2)
  readings[0]?.fail(new Error('away'))
  await expect(one).rejects.toThrow('away')
  readings[1]?.end('there')
  expect(await other).toBe('there')
  const again = ask('one', 3)
  await turn()
  readings[2]?.end('back')
  expect(await again).toBe('back')
})
