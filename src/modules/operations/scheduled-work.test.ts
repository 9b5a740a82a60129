import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { backgroundWork } from '../../app.ts'

const documentation = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8')
const section = /## Scheduled work\n([\s\S]*?)\n## /.exec(documentation)?.[1] ?? ''

it('docs/operations.md lists every schedule, and when it runs', () => {
  const listed = [...section.matchAll(/^\| `([\w.-]+)` \| `([^`]+)` \| \S/gm)].map(
    ([, name, cron]) => `${name} ${cron}`,
  )
  const { schedules } = backgroundWork()
  expect(listed).toEqual(schedules.map(({ job, cron }) => `${job.name} ${cron}`).toSorted())
})

it('every schedule has work that a worker does', () => {
  const { handlers, schedules } = backgroundWork()
  const names = new Set(handlers.map(({ job }) => job.name))
  expect(schedules.filter(({ job }) => !names.has(job.name))).toEqual([])
})

it('of the ticks that were missed the backup alone is made good', () => {
  const good = backgroundWork().schedules.filter(
    ({ madeGoodWithinHours }) => madeGoodWithinHours !== undefined,
  )
  expect(good.map(({ job, madeGoodWithinHours }) => [job.name, madeGoodWithinHours])).toEqual([
    ['operations.make-backup', 24],
  ])
})
