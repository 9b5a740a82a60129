import { expect, it } from 'vitest'
import { recordingLog, temporaryFolder } from './test-support.ts'
import { inTurn } from './turn.ts'

it('lets one work at a time, also after one has failed', async () => {
  const folder = await temporaryFolder()
  let working = 0
  let most = 0
  const work = (fail: boolean) =>
    inTurn(folder, recordingLog(), async () => {
      most = Math.max(most, ++working)
      await new Promise((resolve) => setImmediate(resolve))
      working--
      if (fail) throw new Error('failed')
    })
  const results = await Promise.allSettled([work(false), work(true), work(false), work(false)])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  expect(most).toBe(1)
})
