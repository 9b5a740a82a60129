import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePerson } from '../../src/modules/accounts/factory.ts'
import { files } from '../../src/modules/media/factory.ts'
import { modules } from '../../src/modules.ts'
import { createFolderTarget } from '../../src/platform/backup/folder-target.ts'
import { type Entry, encodeBackup } from '../../src/platform/backup/format.ts'
import { makeBackup, readSchool } from '../../src/platform/backup/make-backup.ts'
import { countPart } from '../../src/platform/backup/part-totals.ts'
import { requireUsable, restoreBackup } from '../../src/platform/backup/restore.ts'
import { openSnapshot, readDatabase } from '../../src/platform/backup/snapshot.ts'
import { verifyBackup } from '../../src/platform/backup/verify.ts'
import { openDatabase } from '../../src/platform/database/database.ts'
import { findKnownMigrations, migrate } from '../../src/platform/database/migrate.ts'
import { logTo } from '../../src/platform/log.ts'
import { storageKeysOf } from '../../src/platform/module.ts'
import { createLocalStorage } from '../../src/platform/storage/local.ts'
import type { Storage } from '../../src/platform/storage/storage.ts'
import { ask, createDatabases, type Databases } from '../support/databases.ts'
import { makeMediaRow, upload } from '../support/media.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let databases: Databases
let file: Buffer

beforeAll(async () => {
  world = await createWorld()
  databases = createDatabases()
  const person = await makePerson(world.deps, { role: 'instructor' })
  await upload(world.client.as(person.accessToken), files.text(), { name: 'notes.txt' })
  file = await backUp(world.databaseUrl)
})
afterAll(async () => {
  await world.close()
  await databases.drop()
})

const quiet = () => undefined
const options = (url: string, bytes = file) => ({
  url,
  log: world.deps.log,
  open: async () => Readable.from([bytes]),
  storage: null,
  at: world.clock.now(),
  signal: new AbortController().signal,
  migrateOn: true,
  onProgress: quiet,
})

/** @param through lets a test change what is written */
async function backUp(
  url: string,
  wish: {
    storage?: Storage
    missing?: (key: string) => void
    names?: boolean
    through?: (entries: AsyncIterable<Entry>) => AsyncIterable<Entry>
  } = {},
): Promise<Buffer> {
  const { storage = null, missing = quiet, names = true, through = (entries) => entries } = wish
  const database = openDatabase({ url, size: 1, slowMs: 60_000, log: world.deps.log })
  const snapshot = await openSnapshot({ client: await database.connect(), at: world.clock.now() })
  async function* none() {}
  const entries = readSchool(snapshot, {
    storageKeys: (db) => (names ? storageKeysOf(modules, db) : none()),
    storage,
    missing,
    onProgress: quiet,
  })
  try {
    return await buffer(encodeBackup(snapshot.header, through(entries)))
  } finally {
    await snapshot.close()
    await database.close()
  }
}

describe('a managed server, where nobody is a superuser', { timeout: 60_000 }, () => {
  it('restores as the owner of an empty database, and backs it up again to the same', async () => {
    const owner = await databases.makeRole('nocreatedb')
    const url = await databases.make(owner)
    await restoreBackup(options(url))
    const before = await requireUsable(options(url).open)
    const again = await backUp(url)
    const after = await requireUsable(async () => Readable.from([again]))
    expect(after.parts).toEqual(before.parts)
    await expect(verifyBackup(options(url))).rejects.toThrow(/ALTER ROLE … CREATEDB/)
  })

  it('verifies with the right to create databases', async () => {
    const url = await databases.make(await databases.makeRole('createdb'))
    expect(await verifyBackup(options(url))).toMatchObject({ different: [] })
  })
})

describe('an older school', { timeout: 60_000 }, () => {
  it('is restored at its own migrations, and brought to the newest', async () => {
    const known = await findKnownMigrations()
    const old = known.slice(0, 20)
    const url = await databases.make()
    await migrate({ url, log: world.deps.log, only: old })
    await ask(
      url,
      `insert into users (id, email, name, role, created_at, updated_at)
       values ('019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01', 'Old@example.org', 'Olga', 'student', now(), now())`,
    )
    const { connect, close } = openDatabase({ url, size: 1, slowMs: 60_000, log: world.deps.log })
    const target = createFolderTarget(join(world.deps.config.dataFolder, 'old'))
    const { at, onProgress } = options(url)
    await expect(
      makeBackup({
        connect,
        target,
        at,
        onProgress,
        storageKeys: (db) => storageKeysOf(modules, db),
        storage: null,
      }),
    ).rejects.toThrow(/lacks migration .* the version of Lectern that it ran with/)
    await close()
    // As the older version would have written it.
    const bytes = await backUp(url, { names: false })
    const fresh = await databases.make()
    const restored = await restoreBackup(options(fresh, bytes))
    expect(restored.migrated).toEqual(known.slice(20).map(({ name }) => name))
    expect(await ask(fresh, 'select email::text from users')).toEqual([{ email: 'Old@example.org' }])
  })
})

describe('a proof', { timeout: 60_000 }, () => {
  let owner: { name: string; password: string }
  let url: string
  let own: string
  beforeAll(async () => {
    owner = await databases.makeRole('createdb')
    url = await databases.make(owner)
    own = new URL(url).pathname.slice(1)
  })

  it('fails where what was restored is not what the file says', async () => {
    const bytes = await backUp(world.databaseUrl, { through: turnEvents })
    expect((await verifyBackup(options(url, bytes))).different).toEqual(['table events'])
    expect(await databases.ownedBy(owner)).toEqual([own])
  })

  it('says nothing of the connections that it has closed', async () => {
    const lines: string[] = []
    const log = logTo({ write: (line) => void lines.push(line) }, 'warn')
    await verifyBackup({ ...options(url), log })
    expect(lines).toEqual([])
  })

  it('that is broken off ends at the next piece it reads, and leaves no scratch database', async () => {
    const breaking = new AbortController()
    const onProgress = () => breaking.abort()
    await expect(verifyBackup({ ...options(url), signal: breaking.signal, onProgress })).rejects.toThrow(
      /aborted/,
    )
    expect(await databases.ownedBy(owner)).toEqual([own])
  })

  it('drops what one that was killed left behind, and lets one that is at work on another database keep its own', async () => {
    const [left, kept] = ['lectern_verify_00000000000a', 'lectern_verify_00000000000b']
    await ask(url, `create database ${left}`)
    await ask(url, `create database ${kept}`)
    const atWork = new pg.Client({ connectionString: world.databaseUrl })
    await atWork.connect()
    await atWork.query(`select pg_advisory_lock_shared(7205012, hashtext('${kept}'))`)
    await verifyBackup(options(url))
    expect(await databases.ownedBy(owner)).toEqual([kept, own])
    await atWork.end()
    // The server notices a moment later that who held it is gone.
    await expect
      .poll(() => ask(url, "select 1 from pg_locks where locktype = 'advisory' and classid = 7205012"))
      .toEqual([])
    await verifyBackup(options(url))
    expect(await databases.ownedBy(owner)).toEqual([own])
  })
})

describe('the files of the media store', () => {
  it('are in it if asked for, and go into the store of the restored school; one that is missing is named', async () => {
    const { storage, clock } = world.deps
    const person = await makePerson(world.deps)
    const lost = `media/${await makeMediaRow(world, person)}`
    const missing: string[] = []
    const bytes = await backUp(world.databaseUrl, { storage, missing: (key) => void missing.push(key) })
    expect(missing).toEqual([lost])
    const folder = await mkdtemp(join(tmpdir(), 'lectern-media-'))
    const other = await createLocalStorage({ folder, clock })
    const restored = await restoreBackup({ ...options(await databases.make(), bytes), storage: other })
    expect(restored.files).toBe(1)
    for await (const key of storageKeysOf(modules, world.deps.db)) {
      if (key === lost) continue
      const [kept, original] = await Promise.all([other.open(key), storage.open(key)])
      expect(kept?.contentType).toBe(original?.contentType)
      expect(kept && (await buffer(kept.stream))).toEqual(original && (await buffer(original.stream)))
    }
    await rm(folder, { recursive: true })
  })
})

describe('while a backup is made', () => {
  it('fails, and does not wait for ever, where the database goes away in the midst of a table', async () => {
    const { connect } = world.deps
    await world.database.pool.query(
      `insert into idempotency_keys (user_id, key, fingerprint, response, created_at)
       select gen_random_uuid(), n::text, '', to_jsonb(repeat(md5(n::text), 100)), now() from generate_series(1, 5000) n`,
    )
    const snapshot = await openSnapshot({ client: await connect(), at: world.clock.now() })
    const { rows } = await snapshot.client.query('select pg_backend_pid() as pid')
    const read = async () => {
      let large = false
      for await (const entry of readDatabase(snapshot, quiet)) {
        if (entry.kind === 'begin')
          large = entry.part.part === 'table' && entry.part.name === 'idempotency_keys'
        if (entry.kind === 'data' && large)
          await world.database.pool.query('select pg_terminate_backend($1)', [rows[0].pid])
      }
    }
    await expect(read()).rejects.toThrow(/terminat/)
    await snapshot.close()
  })

  it('a node starts that has nothing to migrate; one that has waits, and holds up nobody', {
    timeout: 60_000,
  }, async () => {
    const url = await databases.make()
    const known = await findKnownMigrations()
    const { log } = world.deps
    await migrate({ url, log, only: known.slice(0, -1) })
    const database = openDatabase({ url, size: 2, slowMs: 60_000, log })
    const snapshot = await openSnapshot({ client: await database.connect(), at: world.clock.now() })
    expect(await migrate({ url, log, only: known.slice(0, -1) })).toEqual([])
    const later = migrate({ url, log })
    const waiting = `select 1 from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`
    await expect.poll(() => ask(url, waiting)).toHaveLength(1)
    await ask(url, 'update users set name = name')
    await snapshot.close()
    expect(await later).toEqual([known.at(-1)?.name])
    await database.close()
  })
})

/** Its rows in the reverse order: whole in itself, and not what comes out of a database. */
async function* turnEvents(entries: AsyncIterable<Entry>): AsyncGenerator<Entry> {
  let held: Buffer[] | null = null
  for await (const entry of entries) {
    if (entry.kind === 'begin' && entry.part.part === 'table' && entry.part.name === 'events') held = []
    if (held && entry.kind === 'data') held.push(entry.bytes)
    else if (held && entry.kind === 'end') {
      const lines = Buffer.concat(held).toString().split('\n').slice(0, -1)
      expect(lines.length).toBeGreaterThan(1)
      const bytes = Buffer.from(`${lines.toReversed().join('\n')}\n`)
      const counted = countPart()
      counted.add(bytes)
      held = null
      yield { kind: 'data', bytes }
      yield { kind: 'end', totals: counted.totals() }
    } else yield entry
  }
}
