import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { isAlive, readPidFile } from './embedded/pid-file.ts'
import {
  copyFolder,
  openElsewhere,
  openHere,
  query,
  recordingLog,
  runsAsRoot,
  temporaryFolder,
} from './embedded/test-support.ts'
import { openEmbedded } from './embedded.ts'

/** For the tests that need no first start: initdb takes the longest part of one. */
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lectern embedded-'))
  await chmod(folder, 0o755)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const remember = (url: string, text: string) =>
  query(url, `drop table if exists note; create table note as select '${text}' as text`)
const until = (condition: () => unknown) => vi.waitFor(condition, { timeout: 20_000, interval: 10 })
const ended = (pid: number) => until(() => expect(isAlive(pid)).toBe(false))
const modeOf = async (path: string) => (await stat(path)).mode & 0o777

describe('the first start', () => {
  it('makes a database that keeps Unicode text and asks for a generated password', async () => {
    const folder = await temporaryFolder()
    const server = await openHere(folder)
    const [row] = await query(
      server.url,
      `select current_database() as database, current_user as user, lower('ÄÖÜ') as lower, pg_encoding_to_char(encoding) as encoding,
              datlocprovider as provider, datlocale as locale, current_setting('timezone') as timezone
       from pg_database where datname = current_database()`,
    )
    expect(row).toEqual({
      database: 'lectern',
      user: 'lectern',
      lower: 'äöü',
      encoding: 'UTF8',
      provider: 'b',
      locale: 'C.UTF-8',
      timezone: 'UTC',
    })
    expect(server.adopted).toBe(false)
    const { password } = new URL(server.url)
    expect(password.length).toBeGreaterThanOrEqual(32)
    expect((await readFile(join(folder, 'postgres-password'), 'utf8')).trim()).toBe(password)
    expect(await modeOf(join(folder, 'postgres-password'))).toBe(0o600)
    expect(await modeOf(join(folder, 'postgres'))).toBe(0o700)
    const [verifier] = await query(
      server.url,
      `select rolpassword as stored from pg_authid where rolname = 'lectern'`,
    )
    expect(verifier?.stored).toMatch(/^SCRAM-SHA-256\$/)
    await expect(query(server.url.replace(password, 'guess'), 'select 1')).rejects.toThrow(
      /password authentication failed/,
    )
    await expect(query(server.url.replace(`:${password}`, ''), 'select 1')).rejects.toThrow(/password/)
  })

  it('listens on 127.0.0.1 alone, as another user than root, and leaves nothing of its making behind', async () => {
    const folder = await temporaryFolder()
    const server = await openHere(folder)
    const [row] = await query(
      server.url,
      `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets`,
    )
    expect(row).toEqual({ addresses: '127.0.0.1', sockets: '' })
    expect((await stat(join(folder, 'postgres'))).uid).not.toBe(0)
    expect((await readdir(folder)).sort()).toEqual([
      'postgres',
      'postgres-password',
      'postgres.lock',
      'postgres.log',
    ])
  })

  it('begins again where initdb was killed half-way', async () => {
    const folder = await temporaryFolder()
    const killed = openElsewhere(folder)
    const staged = async () =>
      (await readdir(folder)).find((name) => name.startsWith('postgres.new-')) ?? 'none'
    await until(async () => stat(join(folder, await staged(), 'data', 'base')))
    await killed.kill('group')
    expect(await readdir(folder)).not.toContain('postgres')
    const server = await openHere(folder)
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await staged()).toBe('none')
  })

  it('works where other accounts may not enter, and changes no mode on the way', async () => {
    const folder = await temporaryFolder()
    const closed = join(folder, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const server = await openHere(join(closed, '.lectern'))
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await modeOf(closed)).toBe(0o700)
    await server.stop()
    const again = await openHere(join(closed, '.lectern'))
    expect(await query(again.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  // A checkout that is closed to other accounts, as in /root, cannot be run by one.
  const account = { uid: 65_534, gid: 65_534 }
  if (runsAsRoot && spawnSync('test', ['-r', import.meta.filename], account).status === 0) {
    it('works for an ordinary user', async () => {
      const home = join(await temporaryFolder(), 'home')
      await mkdir(home)
      await chown(home, account.uid, account.gid)
      const other = openElsewhere(join(home, '.lectern'), account)
      const { url } = await other.outcome
      expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
      expect((await stat(join(home, '.lectern', 'postgres'))).uid).toBe(account.uid)
      await other.stop()
    })
  }
})

describe('a later start', () => {
  it('finds the data, and is durable unless it is told otherwise', async () => {
    const first = await openHere(folder, { settings: { fsync: 'off', work_mem: '5MB' } })
    expect(await query(first.url, 'show fsync')).toEqual([{ fsync: 'off' }])
    expect(await query(first.url, 'show work_mem')).toEqual([{ work_mem: '5MB' }])
    await remember(first.url, 'kept')
    await first.stop()
    expect(isAlive(first.pid)).toBe(false)
    const second = await openHere(folder, { settings: {} })
    expect(await query(second.url, 'select text from note')).toEqual([{ text: 'kept' }])
    expect(await query(second.url, 'show fsync')).toEqual([{ fsync: 'on' }])
    expect(await query(second.url, 'show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }])
    expect(await query(second.url, 'show full_page_writes')).toEqual([{ full_page_writes: 'on' }])
  })

  it('refuses data of another major version, naming the way out', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'postgres'))
    await writeFile(join(folder, 'postgres', 'PG_VERSION'), '17\n')
    await writeFile(join(folder, 'postgres-password'), 'known\n')
    await expect(openHere(folder)).rejects.toThrow(/made by PostgreSQL 17.*dump.*restore/s)
  })

  it('says so when the password is lost, and makes no other', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'postgres'))
    await writeFile(join(folder, 'postgres', 'PG_VERSION'), '18\n')
    await expect(openHere(folder)).rejects.toThrow(/postgres-password.*is lost/)
    expect(await readdir(folder)).not.toContain('postgres-password')
  })

  it('shows the end of the log when the server does not start', async () => {
    await expect(openHere(folder, { settings: { shared_buffers: 'plenty' } })).rejects.toThrow(
      /invalid value.*plenty/s,
    )
  })

  it('keeps the log small, and statements with their values out of it', async () => {
    const first = await openHere(folder)
    await expect(query(first.url, `select 'hunter2'::int`)).rejects.toThrow(/hunter2/)
    await first.stop()
    expect(await readFile(join(folder, 'postgres.log'), 'utf8')).not.toContain('hunter2')
    await truncate(join(folder, 'postgres.log'), 10 * 1024 * 1024 + 1)
    await openHere(folder)
    expect((await stat(join(folder, 'postgres.log'))).size).toBeLessThan(10_000)
    expect((await stat(join(folder, 'postgres.log.1'))).size).toBeGreaterThan(10 * 1024 * 1024)
  })
})

describe('a server that another process left', () => {
  it('is adopted after a SIGKILL, with every acknowledged write', async () => {
    const killed = openElsewhere(folder, { exclusive: true })
    const left = await killed.outcome
    await remember(left.url, 'acknowledged')
    await killed.kill()
    const server = await openHere(folder, { exclusive: true })
    expect(server).toMatchObject({ adopted: true, pid: left.pid, url: left.url })
    expect(await query(server.url, 'select text from note')).toEqual([{ text: 'acknowledged' }])
    await server.stop()
    await ended(left.pid)
  })

  it('is recovered after a SIGKILL of the server too', async () => {
    const killed = openElsewhere(folder)
    const left = await killed.outcome
    await remember(left.url, 'acknowledged')
    await killed.kill()
    process.kill(left.pid, 'SIGKILL')
    const server = await openHere(folder)
    expect(server.adopted).toBe(false)
    expect(await query(server.url, 'select text from note')).toEqual([{ text: 'acknowledged' }])
  })

  it('is waited for while its orphans still hold the shared memory', async () => {
    const killed = openElsewhere(folder)
    const left = await killed.outcome
    const [orphan] = await query(
      left.url,
      `select pid from pg_stat_activity where backend_type = 'walwriter'`,
    )
    const pid = Number(orphan?.pid)
    await killed.kill()
    const before = (await stat(join(folder, 'postgres.log'))).size
    process.kill(pid, 'SIGSTOP')
    process.kill(left.pid, 'SIGKILL')
    const opening = openHere(folder)
    await until(async () =>
      expect((await readFile(join(folder, 'postgres.log'), 'utf8')).slice(before)).toMatch(
        /pre-existing shared memory/,
      ),
    )
    process.kill(pid, 'SIGCONT')
    const server = await opening
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('is not looked for in another program that has its process number now', async () => {
    const server = await openHere(folder)
    const file = join(folder, 'postgres', 'postmaster.pid')
    const text = await readFile(file, 'utf8')
    await server.stop()
    const { uid, gid } = await stat(join(folder, 'postgres'))
    const account = runsAsRoot ? { uid, gid } : {}
    const stranger = spawn('sleep', ['600'], account)
    try {
      await writeFile(file, text.replace(/^\d+/, String(stranger.pid)))
      const again = await openHere(folder)
      expect(again.adopted).toBe(false)
      expect(await query(again.url, 'select 1 as one')).toEqual([{ one: 1 }])
      expect(stranger.exitCode).toBeNull()
    } finally {
      stranger.kill('SIGKILL')
    }
  })

  it('is not taken for the server of a copy of its folder', async () => {
    const copied = join(await temporaryFolder(), 'copy')
    const original = await openHere(folder)
    await query(original.url, 'checkpoint')
    await copyFolder(folder, copied)
    const copy = await openHere(copied)
    expect(copy.adopted).toBe(false)
    expect(copy.pid).not.toBe(original.pid)
    await query(copy.url, 'create table only_in_the_copy ()')
    expect(await query(original.url, `select to_regclass('only_in_the_copy') as found`)).toEqual([
      { found: null },
    ])
  })
})

describe('several processes', () => {
  it('that start at the same moment make one server', async () => {
    const folder = await temporaryFolder()
    const racers = Array.from({ length: 4 }, () => openElsewhere(folder))
    const outcomes = await Promise.all(racers.map((racer) => racer.outcome))
    expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined])
    expect(new Set(outcomes.map(({ pid }) => pid)).size).toBe(1)
    expect(outcomes.filter(({ adopted }) => !adopted)).toHaveLength(1)
    expect((await readFile(join(folder, 'postgres.log'), 'utf8')).match(/starting PostgreSQL/g)).toHaveLength(
      1,
    )
    const pid = outcomes[0]?.pid ?? 0
    for (const racer of racers.slice(1)) await racer.stop()
    expect(isAlive(pid)).toBe(true)
    await racers[0]?.stop()
    expect(isAlive(pid)).toBe(false)
  })

  it('share a server until the last one stops it', async () => {
    const starter = openElsewhere(folder)
    const { pid, url } = await starter.outcome
    const second = await openHere(folder)
    expect(second).toMatchObject({ pid, url, adopted: true })
    await starter.stop()
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await second.stop()
    expect(isAlive(pid)).toBe(false)
  })

  it('may serve one at a time; commands may come along', async () => {
    const serving = openElsewhere(folder, { exclusive: true })
    const { url } = await serving.outcome
    await expect(openHere(folder, { exclusive: true })).rejects.toMatchObject({
      name: 'EmbeddedInUseError',
      code: 'EMBEDDED_IN_USE',
      pid: serving.pid,
      message: expect.stringMatching(new RegExp(`process ${serving.pid}\\) already serves .*LECTERN_DATA`)),
    })
    const command = await openHere(folder)
    expect(await query(command.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await serving.stop()
    const next = await openHere(folder, { exclusive: true })
    expect(next.url).toBe(url)
  })

  it('hand the serving over, while the server goes on for a command', async () => {
    const command = await openHere(folder)
    for (let round = 0; round < 5; round++) {
      const serving = await openHere(folder, { exclusive: true })
      await serving.stop()
    }
    expect(isAlive(command.pid)).toBe(true)
  })

  it('may serve when the server has not yet noticed that the one before was killed', async () => {
    const killed = openElsewhere(folder, { exclusive: true })
    const { url } = await killed.outcome
    const sessionOf = async (pid: number) =>
      query(url, `select pid, query from pg_stat_activity where application_name = 'lectern:${pid}'`)
    const [session] = await sessionOf(killed.pid)
    process.kill(Number(session?.pid), 'SIGSTOP')
    await killed.kill()
    const opening = openHere(folder, { exclusive: true })
    await until(async () =>
      expect((await sessionOf(process.pid))[0]?.query).toMatch(/pg_locks|pg_try_advisory_lock/),
    )
    process.kill(Number(session?.pid), 'SIGCONT')
    expect((await opening).adopted).toBe(true)
  })

  it('one stopping while another opens always leaves the other a server', async () => {
    for (let round = 0; round < 5; round++) {
      const first = await openHere(folder)
      const [second] = await Promise.all([openHere(folder), first.stop()])
      expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }])
      await second.stop()
    }
  })
})

describe('a server that dies while it is in use', () => {
  it('is started again at the same address', async () => {
    const log = recordingLog()
    const server = await openHere(folder, { log, exclusive: true })
    await remember(server.url, 'acknowledged')
    const { pid, url } = server
    process.kill(pid, 'SIGKILL')
    await until(() => expect(server.pid).not.toBe(pid))
    expect(server.url).toBe(url)
    expect(await query(url, 'select text from note')).toEqual([{ text: 'acknowledged' }])
    expect(log.lines).toContain('the embedded PostgreSQL went away: bringing it back')
    await expect(openHere(folder, { exclusive: true })).rejects.toThrow(/already serves/)
    await server.stop()
    expect(isAlive(server.pid)).toBe(false)
  })

  it('is started again once for all who use it, whoever started it', async () => {
    const killed = openElsewhere(folder)
    const left = await killed.outcome
    await killed.kill()
    const [one, two] = [await openHere(folder), await openHere(folder)]
    process.kill(left.pid, 'SIGKILL')
    await until(() => expect(one.pid).not.toBe(left.pid))
    await until(() => expect(two.pid).toBe(one.pid))
    expect(await query(left.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await one.stop()
    expect(await query(two.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('survives the crash of a single backend, and the loss of the connection that watches it', async () => {
    const log = recordingLog()
    const server = await openHere(folder, { log })
    const watching = `select pid from pg_stat_activity where application_name = 'lectern:${process.pid}'`
    const [before] = await query(server.url, watching)
    await query(server.url, `select pg_terminate_backend(pid) from (${watching}) as watching`)
    await until(() => expect(log.lines.at(-1)).toBe('the embedded PostgreSQL runs already'))
    const [after] = await query(server.url, watching)
    expect(after?.pid).not.toBe(before?.pid)
    process.kill(Number(after?.pid), 'SIGKILL')
    await until(async () => expect(await query(server.url, watching)).toHaveLength(1))
    expect((await readPidFile(join(folder, 'postgres')))?.pid).toBe(server.pid)
  })

  it('is given up after several deaths in a minute', async () => {
    const onFailure = vi.fn<(error: Error) => void>()
    const log = recordingLog()
    const server = await openHere(folder, { log, onFailure })
    for (let deaths = 1; deaths <= 6; deaths++) {
      const { pid } = server
      process.kill(pid, 'SIGKILL')
      if (deaths < 6) await until(() => expect(server.pid).not.toBe(pid))
    }
    await until(() => expect(onFailure).toHaveBeenCalledOnce())
    expect(onFailure.mock.calls[0]?.[0].message).toMatch(/does not stay up/)
    await server.stop()
  })

  it('is out of reach of a Ctrl-C in the terminal', async () => {
    const server = await openHere(folder)
    const group = execFileSync('ps', ['-o', 'pgid=', '-p', String(server.pid)], { encoding: 'utf8' })
    expect(Number(group)).toBe(server.pid)
  })

  it('is left alone by a second stop', async () => {
    const server = await openEmbedded({ dataDir: folder, log: recordingLog(), settings: { fsync: 'off' } })
    await Promise.all([server.stop(), server.stop()])
    await expect(server.stop()).resolves.toBeUndefined()
  })
})
