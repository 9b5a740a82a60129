import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import options from '../../../bin/node-options.json' with { type: 'json' }

const run = promisify(execFile)

it('a process at rest gives back the room that its start took for young objects', async () => {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8'
    import { settleMemory } from '${new URL('./settle.ts', import.meta.url)}'
    const room = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size
    const kept = []
    for (let n = 0; n < 300_000; n++) kept.push({ n })
    const started = room()
    settleMemory()
    const end = Date.now() + 20_000
    const look = () => (room() < started / 2 || Date.now() > end ? console.log(started, room(), kept.length) : setTimeout(look, 50))
    look()`
  const { stdout } = await run(process.execPath, [...options, '--input-type=module', '-e', program])
  const [started = 0, settled = 0] = stdout.split(' ').map(Number)
  expect(started).toBeGreaterThan(2 * 1024 * 1024)
  expect(settled).toBeLessThan(started / 2)
})
