import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { modules } from '../../src/modules.ts'
import { BackupError } from '../../src/platform/backup/backup-error.ts'
import { createFolderTarget } from '../../src/platform/backup/folder-target.ts'
import { encodeBackup, skippableFrame } from '../../src/platform/backup/format.ts'
import { readSchool } from '../../src/platform/backup/make-backup.ts'
import { requireUsable, restoreBackup } from '../../src/platform/backup/restore.ts'
import { openSnapshot } from '../../src/platform/backup/snapshot.ts'
import { verifyBackup } from '../../src/platform/backup/verify.ts'
import { migrate } from '../../src/platform/database/migrate.ts'
import { newId } from '../../src/platform/ids.ts'
import { storageKeysOf } from '../../src/platform/module.ts'
import { type Random, randomOf } from '../proof/random.ts'
import { ask, createDatabases, type Databases } from '../support/databases.ts'
import { growSchool, makeRandomSchool } from '../support/random-school.ts'
import { createWorld, type World } from '../support/world.ts'

const seed = Number(process.env.BACKUP_SEED ?? Date.now() % 100_000)
const name = 'school.backup.zst'
const quiet = () => undefined

let world: World
let folder: string
let random: Random
let file: Buffer
/** What the school was at the moment of the backup. */
let expected: Map<string, string>
let databases: Databases

beforeAll(async () => {
  world = await createWorld()
  databases = createDatabases()
  folder = await mkdtemp(join(tmpdir(), 'lectern-backup-'))
  random = randomOf(seed)
  await makeRandomSchool(world, random)
  expected = await backUpWhileOthersWrite()
  file = await readFile(join(folder, name))
}, 120_000)

afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
  await databases.drop()
})

describe(`a backup of a random school (BACKUP_SEED=${seed})`, { timeout: 120_000 }, () => {
  it('is restored as exactly what it was in one moment, although people went on writing', async () => {
    const url = await databases.make()
    const restored = await restoreBackup({ ...options(url), migrateOn: true })
    expect(await describeDatabase(url)).toEqual(expected)
    expect(restored).toMatchObject({ files: 0, migrated: [] })
    expect(await describeDatabase(world.databaseUrl)).not.toEqual(expected)
    const empty = [...expected].filter(([, said]) => said.startsWith('0 rows')).map(([name]) => name)
    expect(empty.length, empty.join()).toBeLessThan(expected.size / 3)
  })

  it('leaves keys, triggers and sequences as the migrations made them', async () => {
    const url = await databases.make()
    await restoreBackup({ ...options(url), migrateOn: true })
    expect(await describeSchema(url)).toEqual(await describeSchema(world.databaseUrl))
    const [course] = await ask(
      url,
      `select max(number) < nextval(pg_get_serial_sequence('course_search', 'number')) as free from course_search`,
    )
    expect(course).toEqual({ free: true })
    const [next] = await ask(url, `select id from graphile_worker.add_job('next')`)
    const [most] = await ask(
      url,
      `select max(id) as id from graphile_worker._private_jobs where id <> ${next?.id}`,
    )
    expect(Number(next?.id)).toBeGreaterThan(Number(most?.id))
  })

  it('proves itself: restored for trial, it is equal, and its scratch database is gone', async () => {
    const owner = await databases.makeRole('createdb')
    const url = await databases.make(owner)
    const { signal } = new AbortController()
    const verified = await verifyBackup({ ...options(url), at: world.clock.now(), signal })
    expect(verified.different).toEqual([])
    expect(verified.rows).toBeGreaterThan(500)
    expect(await databases.ownedBy(owner)).toEqual([new URL(url).pathname.slice(1)])
  })

  it('is not restored where anything is already, and changes nothing there', async () => {
    const before = await describeDatabase(world.databaseUrl)
    await expect(restoreBackup({ ...options(world.databaseUrl), migrateOn: true })).rejects.toThrow(
      /not empty.*empty one only/,
    )
    expect(await describeDatabase(world.databaseUrl)).toEqual(before)
  })

  it('can be restored again where a restore broke off; until then nothing else migrates or serves the database', async () => {
    const url = await databases.make()
    let opened = 0
    // It goes well twice (for the header and the files), and is cut off when the tables are loaded.
    const open = async () => Readable.from([++opened < 3 ? file : file.subarray(0, file.length / 2)])
    await expect(restoreBackup({ ...options(url), open, migrateOn: true })).rejects.toThrow(/damaged/)
    expect(await ask(url, 'select 1 from users')).toEqual([])
    await expect(migrate({ url, log: world.deps.log })).rejects.toThrow(/Run it again: lectern restore/)
    await restoreBackup({ ...options(url), migrateOn: true })
    expect(await describeDatabase(url)).toEqual(expected)
  })

  it('is refused, before anything is touched, by a version that does not know its migrations', async () => {
    const header = {
      lectern: 'backup',
      createdAt: world.clock.now().toISOString(),
      postgres: '18.4',
    } as const
    const write = async (said: { format: number; migrations: { name: string; checksum: string }[] }) => {
      async function* nothing() {
        yield { kind: 'done', parts: 0 } as const
      }
      const path = join(folder, newId())
      await writeFile(path, Readable.from(encodeBackup({ ...header, ...said }, nothing())))
      return requireUsable(async () => Readable.from([await readFile(path)]))
    }
    const newer = { name: '9999_later', checksum: 'f' }
    await expect(write({ format: 1, migrations: [newer] })).rejects.toThrow(/9999_later.*newer version/)
    const edited = { name: '0001_platform', checksum: 'f' }
    await expect(write({ format: 1, migrations: [edited] })).rejects.toThrow(
      /another migration 0001_platform/,
    )
    await expect(write({ format: 2, migrations: [] })).rejects.toThrow(/format 2.*newer/)
  })
})

describe('a file that is not what was written', { timeout: 120_000 }, () => {
  const refused = async (bytes: Buffer) => {
    await expect(requireUsable(async () => Readable.from([bytes]))).rejects.toThrow(BackupError)
  }

  it('is refused with any bit of it flipped', async () => {
    const place = fc.integer({ min: 0, max: file.length * 8 - 1 })
    const everywhere = fc.oneof(
      place,
      fc.integer({ min: 0, max: 8_000 }),
      place.map((at) => file.length * 8 - 1 - (at % 2_000)),
    )
    await fc.assert(
      fc.asyncProperty(everywhere, async (bit) => {
        const bytes = Buffer.from(file)
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        await refused(bytes)
      }),
      { numRuns: 150 },
    )
  })

  it('is refused cut off anywhere, and with anything behind it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: file.length - 1 }), (length) =>
        refused(file.subarray(0, length)),
      ),
      { numRuns: 100 },
    )
    await refused(Buffer.concat([file, Buffer.from([0])]))
    await refused(Buffer.concat([file, file]))
  })

  it.each([
    ['nothing', Buffer.alloc(0), /empty/],
    ['a text', Buffer.from('create table users ();\n'.repeat(100)), /no backup of Lectern/],
    ['a zip', Buffer.from('504b0304140000000800', 'hex'), /no backup of Lectern/],
    ['a Zstandard file', zstdCompressSync(Buffer.from('hello'.repeat(1_000))), /no backup of Lectern/],
    ['a header of somebody else', skippableFrame(Buffer.from('{"format":1}')), /no backup of Lectern/],
  ])('is refused where it is %s', async (_what, bytes, reason) => {
    await expect(requireUsable(async () => Readable.from([bytes]))).rejects.toThrow(reason)
  })

  it('is noticed even between the check and the loading: the database stays without a row', async () => {
    const url = await databases.make()
    const at = file.length - 5_000
    const damaged = Buffer.from(file)
    damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at)
    const open = async () => Readable.from([damaged])
    await expect(restoreBackup({ ...options(url), open, migrateOn: true })).rejects.toThrow(BackupError)
    expect(await ask(url, `select 1 from pg_tables where schemaname = 'public'`)).toHaveLength(1)
  })
})

function options(url: string) {
  return {
    url,
    log: world.deps.log,
    open: async () => Readable.from([file]),
    storage: world.deps.storage,
    onProgress: quiet,
  }
}

/** @returns what an observer who looks by other means sees in the same snapshot */
async function backUpWhileOthersWrite(): Promise<Map<string, string>> {
  const { deps, clock } = world
  let going = true
  const snapshot = await openSnapshot({ client: await deps.connect(), at: clock.now() })
  const [exported] = (await snapshot.client.query('select pg_export_snapshot() as id')).rows
  const writers = Promise.all(
    [1, 2].map(async () => {
      const own = random.fork()
      while (going) await growSchool(world, own)
    }),
  )
  try {
    // What they write first is there before anything is read.
    const { rows: before } = await world.database.pool.query('select count(*)::int as users from users')
    await vi.waitFor(async () => {
      const [after] = await ask(world.databaseUrl, 'select count(*)::int as users from users')
      expect(after?.users).toBeGreaterThan(before[0].users)
    }, 10_000)
    const entries = readSchool(snapshot, {
      storageKeys: (db) => storageKeysOf(modules, db),
      storage: null,
      missing: quiet,
      onProgress: quiet,
    })
    const bytes = Readable.from(encodeBackup(snapshot.header, entries), { objectMode: false })
    await createFolderTarget(folder).put(name, bytes)
    return await describeDatabase(world.databaseUrl, exported.id)
  } finally {
    await snapshot.close()
    going = false
    await writers
  }
}

/** A count and a hash of the rows of each table, read as rows and not by COPY; the queue without what is of its workers. */
async function describeDatabase(url: string, snapshot?: string): Promise<Map<string, string>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('begin isolation level repeatable read')
  if (snapshot) await client.query(`set transaction snapshot '${snapshot}'`)
  const { rows: tables } = await client.query(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not like 'kysely_%'`,
  )
  const found = new Map<string, string>()
  for (const { name } of tables) {
    const { rows } = await client.query(
      `select t::text as row from public."${name}" t order by t::text collate "C"`,
    )
    found.set(name, describeRows(rows))
  }
  const { rows: jobs } = await client.query(
    `select row(jobs.id, identifier, queue_name, payload::text, priority, run_at, attempts - (jobs.locked_at is not null)::int, max_attempts,
       last_error, created_at, updated_at, key, revision, flags)::text as row
     from graphile_worker._private_jobs jobs join graphile_worker._private_tasks tasks on tasks.id = task_id
     left join graphile_worker._private_job_queues queues on queues.id = job_queue_id order by jobs.id`,
  )
  found.set('jobs', describeRows(jobs))
  await client.end()
  return found
}

function describeRows(rows: readonly { row: string }[]): string {
  const hash = createHash('sha256')
  for (const { row } of rows) hash.update(`${row.length} ${row}`)
  return `${rows.length} rows, ${hash.digest('hex').slice(0, 16)}`
}

function describeSchema(url: string): Promise<Record<string, unknown>[]> {
  return ask(
    url,
    `select 'constraint' as kind, conrelid::regclass::text as at, conname::text as name, pg_get_constraintdef(oid) as said,
       convalidated::text as state from pg_constraint where connamespace = 'public'::regnamespace
     union all
     select 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(pg_trigger.oid), tgenabled::text from pg_trigger
     where not tgisinternal
     union all
     select 'index', indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid::text
     from pg_index join pg_class on pg_class.oid = indrelid where relnamespace = 'public'::regnamespace
     order by 1, 2, 3`,
  )
}
