import { afterAll, beforeAll, expect, it } from 'vitest'
import { type S3Server, startS3Server } from '../../../test/support/s3-server.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { locateBackup } from '../../platform/backup/open-target.ts'
import { requireUsable } from '../../platform/backup/restore.ts'
import { makePerson } from '../accounts/factory.ts'

let world: World
let s3: S3Server

beforeAll(async () => {
  s3 = await startS3Server()
  world = await createWorld({
    env: {
      S3_ENDPOINT: s3.endpoint,
      S3_BUCKET: s3.bucket,
      S3_ACCESS_KEY_ID: s3.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
      BACKUP_TARGET: `s3://${s3.bucket}/Backups/school/`,
      BACKUP_KEEP: '1',
    },
  })
})
afterAll(() => world.close())

it('makes, lists, keeps and reads backups under a prefix of a bucket; 502 store_failed: where the bucket is away', async () => {
  const admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
  for (let count = 0; count < 2; count++) {
    world.clock.advance({ minutes: 1 })
    expect((await admin.post('/api/admin/backups')).status).toBe(202)
    await world.drain()
  }
  const { items } = (await admin.get('/api/admin/backups')).body
  expect(items).toHaveLength(1)
  const file = `s3://${s3.bucket}/Backups/school/${items[0].name}`
  const { open } = await locateBackup(file, world.deps.config)
  const { header, parts } = await requireUsable(open)
  expect(header.createdAt).toBe(items[0].createdAt)
  expect(parts.get('table users')).toMatchObject({ rows: 1 })
  expect(s3.unfinished()).toEqual([])
  const missing = await locateBackup(`${file}x`, world.deps.config)
  await expect(missing.open()).rejects.toThrow(/There is no file/)
  await s3.close()
  const away = await admin.get('/api/admin/backups')
  expect(away).toMatchObject({ status: 502, body: { code: 'store_failed' } })
})
