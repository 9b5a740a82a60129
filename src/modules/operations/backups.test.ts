import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { openNode } from '../../../test/support/node.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { backgroundWork } from '../../app.ts'
import { locateBackup } from '../../platform/backup/open-target.ts'
import { requireUsable } from '../../platform/backup/restore.ts'
import { openSnapshot } from '../../platform/backup/snapshot.ts'
import { makePerson } from '../accounts/factory.ts'

let world: World
let folder: string
let token: string
let admin: Client

beforeAll(async () => {
  world = await createWorld({ env: { BACKUP_KEEP: '2' } })
  folder = join(world.deps.config.dataFolder, 'backups')
  token = (await makePerson(world.deps, { role: 'admin' })).accessToken
  admin = world.client.as(token)
})
afterAll(() => world.close())
beforeEach(() => world.clock.advance({ minutes: 1 }))

const events = async (type: string) => {
  const { rows } = await world.database.pool.query(
    'select payload, user_id from events where type = $1 order by id',
    [type],
  )
  return rows
}

async function makeOne(client: Client = admin): Promise<void> {
  expect((await client.post('/api/admin/backups')).status).toBe(202)
  await world.drain()
}

describe('GET, POST /admin/backups', () => {
  it('200 with nothing, before the first one is made', async () => {
    const { status, body } = await admin.get('/api/admin/backups')
    expect({ status, body }).toEqual({ status: 200, body: { items: [], nextCursor: null } })
  })

  it('202: makes one in the background, that is then in the list and is whole', async () => {
    const { status, body } = await admin.post('/api/admin/backups')
    expect({ status, body }).toEqual({ status: 202, body: { status: 'queued' } })
    await world.drain()
    const { items } = (await admin.get('/api/admin/backups')).body
    expect(items).toEqual([
      {
        name: expect.stringMatching(/^lectern-\d{8}-\d{9}-\d{4}_\w+[.]backup[.]zst$/),
        createdAt: world.clock.now().toISOString(),
        bytes: expect.any(Number),
        migration: expect.stringMatching(/^\d{4}_/),
        verified: false,
      },
    ])
    const path = join(folder, items[0].name)
    const { size, mode } = await stat(path)
    expect({ size, mode: mode & 0o777 }).toEqual({ size: items[0].bytes, mode: 0o600 })
    const { open } = await locateBackup(path, world.deps.config)
    const { parts } = await requireUsable(open)
    expect(parts.get('table users')).toMatchObject({ rows: 1 })
    expect(await events('backup.made')).toMatchObject([{ payload: { name: items[0].name, removed: [] } }])
    expect(await events('backup.requested')).toMatchObject([{ user_id: expect.any(String) }])
  })

  it('keeps the newest two, after a good one is made, and what else lies in the folder', async () => {
    await writeFile(join(folder, 'notes.txt'), 'not mine')
    const before = (await admin.get('/api/admin/backups')).body.items
    for (let count = 0; count < 2; count++) {
      world.clock.advance({ minutes: 1 })
      await makeOne()
    }
    const { items } = (await admin.get('/api/admin/backups')).body
    expect(items).toHaveLength(2)
    expect(items.map(({ name }: { name: string }) => name)).not.toContain(before[0].name)
    expect(await readdir(folder)).toHaveLength(3)
    expect((await events('backup.made')).at(-1).payload.removed).toEqual([before[0].name])
  })

  it('200 by pages, newest first', async () => {
    const first = (await admin.get('/api/admin/backups?limit=1')).body
    const second = (await admin.get(`/api/admin/backups?limit=1&cursor=${first.nextCursor}`)).body
    expect(first.items[0].createdAt > second.items[0].createdAt).toBe(true)
    expect(second.nextCursor).toBeNull()
    expect((await admin.get('/api/admin/backups?cursor=bad!')).status).toBe(400)
  })

  it('202 once for two that ask before it begins: one backup is made', async () => {
    const made = (await events('backup.made')).length
    expect((await admin.post('/api/admin/backups')).status).toBe(202)
    expect((await admin.post('/api/admin/backups')).status).toBe(202)
    await world.drain()
    expect(await events('backup.made')).toHaveLength(made + 1)
  })

  it('409 backup_running: while one is being made; a second one at the same moment fails and is tried again', async () => {
    const snapshot = await openSnapshot({ client: await world.deps.connect(), at: world.clock.now() })
    const { status, body } = await admin.post('/api/admin/backups')
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'backup_running' })
    await expect(openSnapshot({ client: await world.deps.connect(), at: world.clock.now() })).rejects.toThrow(
      /Another backup/,
    )
    await snapshot.close()
    await makeOne()
  })

  it('401 and 403 for all but admins', async () => {
    const instructor = world.client.as((await makePerson(world.deps, { role: 'instructor' })).accessToken)
    expect((await world.client.get('/api/admin/backups')).status).toBe(401)
    expect((await instructor.get('/api/admin/backups')).status).toBe(403)
    expect((await instructor.post('/api/admin/backups')).status).toBe(403)
  })

  it('503 backup_not_configured: where there is no place for them', async () => {
    const node = await openNode(world, {
      config: { backup: { ...world.deps.config.backup, target: null } },
    })
    const client = node.client.as(token)
    for (const answer of [
      await client.get('/api/admin/backups'),
      await client.post('/api/admin/backups'),
      await client.post('/api/admin/jobs/operations.make-backup/run'),
    ])
      expect(answer).toMatchObject({ status: 503, body: { code: 'backup_not_configured' } })
    const { items } = (await client.get('/api/admin/jobs?limit=100')).body
    const job = items.find(({ name }: { name: string }) => name === 'operations.make-backup')
    expect(job).toMatchObject({ waiting: 0 })
    expect(job.schedule).toBeUndefined()
    expect(job.nextRun).toBeUndefined()
    await node.close()
  })
})

describe('a backup that fails', () => {
  it('removes no older one; it is tried again, and each failure is a fact', async () => {
    const kept = await readdir(folder)
    await rename(folder, `${folder} aside`)
    await writeFile(folder, 'a file, where a folder should be')
    await makeOne()
    expect(await events('backup.failed')).toMatchObject([{ payload: { reason: expect.any(String) } }])
    expect(await admin.get('/api/admin/backups')).toMatchObject({ status: 200, body: { items: [] } })
    await rm(folder)
    await rename(`${folder} aside`, folder)
    expect(await readdir(folder)).toEqual(kept)
    const made = (await events('backup.made')).length
    world.clock.advance({ minutes: 1 })
    await world.drain()
    expect(await events('backup.failed')).toHaveLength(1)
    expect(await events('backup.made')).toHaveLength(made + 1)
  })

  it('one that was queued before fails, and does not pass for made, where there is no place any more', async () => {
    const config = { ...world.deps.config, backup: { ...world.deps.config.backup, target: null } }
    const handler = backgroundWork().handlers.find(({ job }) => job.name === 'operations.make-backup')
    await expect(handler?.run({ ...world.deps, config }, {})).rejects.toThrow(/set BACKUP_TARGET/)
    expect((await events('backup.failed')).at(-1)).toMatchObject({
      payload: { reason: expect.stringContaining('BACKUP_TARGET') },
    })
  })
})
