import { expect, it } from 'vitest'
import { overloaded, refuse } from './http/refusal.ts'
import { takeTurns } from './turns.ts'

it('tells all who wait where one waited in vain for the database, and lets the next in', async () => {
  const inTurn = takeTurns(1, 10)
  const away = refuse(overloaded)
  const begun: number[] = []
  const ask = (number: number) =>
    inTurn(async () => {
      begun.push(number)
      throw away
    })
  const answers = await Promise.allSettled([ask(1), ask(2), ask(3)])
  expect(answers).toEqual(Array.from({ length: 3 }, () => ({ status: 'rejected', reason: away })))
  expect(begun).toEqual([1])
  expect(await inTurn(async () => 'served')).toBe('served')
})

it('lets the others go on where the work of one fails otherwise', async () => {
  const inTurn = takeTurns(1, 10)
  const failing = inTurn(async () => Promise.reject(new Error('a password that cannot be hashed')))
  const after = inTurn(async () => 'served')
  await expect(failing).rejects.toThrow('cannot be hashed')
  expect(await after).toBe('served')
})
