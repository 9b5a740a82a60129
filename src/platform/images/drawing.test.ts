import { expect, it } from 'vitest'
import { overloaded, Refusal } from '../http/refusal.ts'
import { drawInTurn, mostWaiting } from './drawing.ts'

it('503 overloaded: past so many that wait; those are drawn', async () => {
  const { promise: loaded, resolve: load } = Promise.withResolvers<Buffer>()
  const asked = mostWaiting + 100
  const drawings = Array.from({ length: asked }, () =>
    drawInTurn(
      () => loaded,
      async () => 'drawn',
    ).catch((error: unknown) => (error instanceof Refusal ? error.kind : error)),
  )
  await Promise.race(drawings)
  load(Buffer.alloc(0))
  const ends = await Promise.all(drawings)
  expect(ends.filter((end) => end === overloaded).length).toBeGreaterThan(0)
  expect(ends.filter((end) => end === 'drawn').length).toBeGreaterThan(mostWaiting)
  expect(ends.filter((end) => end !== 'drawn' && end !== overloaded)).toEqual([])
})
