import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readBackupName } from '../../src/platform/backup/names.ts'
import { ask } from '../support/databases.ts'
import { startWorker } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

const patience = { timeout: 60_000, interval: 100 }
const backup = 'operations.make-backup'
const dayMs = 86_400_000
/** When the backup of the night is due: at 2:23 (UTC). */
const tickOfDayMs = (2 * 60 + 23) * 60_000
/** What three processes take to start on a machine that is not busy. */
const aheadOfTickMs = 10_000

describe('three worker processes on one database', { timeout: 120_000 }, () => {
  let world: World
  let folder: string
  beforeAll(async () => {
    world = await createWorld()
    folder = await mkdtemp(join(tmpdir(), 'lectern-ticks-'))
  })
  afterAll(async () => {
    await world.close()
    await rm(folder, { recursive: true, force: true })
  })

  const backups = async () =>
    (await readdir(join(folder, 'backups')).catch(() => [])).filter((name) => readBackupName(name))

  it('make one backup in the night: a tick that all of them see is one run', async () => {
    const now = Date.now()
    // The night before now: to the queue, which goes by the clock of the database, its tick is long due.
    const tick = Math.floor((now - tickOfDayMs) / dayMs) * dayMs + tickOfDayMs
    // Whoever comes after it finds that it was missed, and makes it good.
    await ask(
      world.databaseUrl,
      `insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
       values ('${backup}', to_timestamp(${tick / 1_000}) - interval '9 days', to_timestamp(${tick / 1_000}) - interval '1 day')`,
    )
    const env = {
      DATABASE_URL: world.databaseUrl,
      BACKUP_TARGET: join(folder, 'backups'),
      NODE_OPTIONS: `--import=${join(import.meta.dirname, '../support/other-time.ts')}`,
      OTHER_TIME_MS: String(tick - aheadOfTickMs - now),
    }
    const workers = [1, 2, 3].map((nth) => startWorker(join(folder, String(nth)), env))
    await Promise.all(workers.map(({ up }) => up))
    await vi.waitFor(async () => expect(await backups()).toHaveLength(1), patience)
    // They finish what they have begun, and write down what they have run.
    expect(await Promise.all(workers.map((worker) => worker.stop()))).toEqual([0, 0, 0])

    const runs = await ask(world.databaseUrl, `select runs, failures from job_days where name = '${backup}'`)
    expect(runs).toEqual([{ runs: 1, failures: 0 }])
    const made = await ask(world.databaseUrl, `select type from events where type like 'backup.%'`)
    expect(made).toEqual([{ type: 'backup.made' }])
    const ticks = await ask(
      world.databaseUrl,
      `select last_execution from graphile_worker._private_known_crontabs where identifier = '${backup}'`,
    )
    expect(ticks).toEqual([{ last_execution: new Date(tick) }])
    const left = await ask(
      world.databaseUrl,
      `select count(*)::int as left from graphile_worker.jobs where task_identifier = '${backup}'`,
    )
    expect(left).toEqual([{ left: 0 }])
    expect(await backups()).toHaveLength(1)
  })
})
