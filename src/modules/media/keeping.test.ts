import { readdirSync, renameSync, symlinkSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { upload } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { files } from './factory.ts'

const megabyte = 1024 ** 2
let world: World
beforeAll(async () => {
  world = await createWorld({
    config: {
      mediaQuotas: { student: megabyte, parent: megabyte, instructor: 100 * megabyte, admin: 100 * megabyte },
    },
  })
  // A module that comes later, of which media knows nothing.
  await world.database.pool.query(
    'create table stickers (id serial primary key, media_id uuid not null references media)',
  )
})
afterAll(() => world.close())

async function someone(role: 'student' | 'instructor' | 'admin' = 'instructor') {
  const person = await makePerson(world.deps, { role })
  return { person, me: world.client.as(person.accessToken) }
}
const isStored = (id: string) =>
  readdirSync(join(world.deps.config.dataFolder, 'media', 'media')).some((name) => name.startsWith(id))
const usageOf = async ({ id }: Person) =>
  (await world.database.pool.query('select bytes from media_usage where user_id = $1', [id])).rows[0]?.bytes
async function uploaded(me: Client, bytes: Buffer = files.text()): Promise<string> {
  return (await upload(me, bytes)).body.id
}
const useIt = (id: string) => world.database.pool.query('insert into stickers (media_id) values ($1)', [id])
const stopUsing = (id: string) => world.database.pool.query('delete from stickers where media_id = $1', [id])

describe('DELETE /media/:id', () => {
  it('204: by its uploader or an admin; row and room at once, bytes by a job after the commit', async () => {
    const { person, me } = await someone()
    const admin = (await someone('admin')).me
    for (const by of [me, admin]) {
      const id = await uploaded(me)
      expect((await by.delete(`/api/media/${id}`)).status).toBe(204)
      expect(isStored(id)).toBe(true)
      expect((await me.get(`/api/media/${id}`)).status).toBe(404)
      expect(await usageOf(person)).toBe(0)
      await world.drain()
      expect(isStored(id)).toBe(false)
      expect((await by.delete(`/api/media/${id}`)).status).toBe(404)
    }
  })
  it('204: the smaller widths of an image go with it', async () => {
    const { me } = await someone()
    const id = await uploaded(me, await files.jpeg(1_000, 600))
    const left = () =>
      readdirSync(join(world.deps.config.dataFolder, 'media', 'media')).filter((name) => name.startsWith(id))
    expect(left()).toHaveLength(3)
    await me.delete(`/api/media/${id}`)
    await world.drain()
    expect(left()).toEqual([])
  })
  it('409 media_in_use: while anything refers to it, of whatever module', async () => {
    const { me } = await someone()
    const id = await uploaded(me)
    await useIt(id)
    expect(await me.delete(`/api/media/${id}`)).toMatchObject({ status: 409, body: { code: 'media_in_use' } })
    await world.drain()
    expect(isStored(id)).toBe(true)
    expect((await me.get(`/api/media/${id}`)).status).toBe(200)
    await stopUsing(id)
    expect((await me.delete(`/api/media/${id}`)).status).toBe(204)
  })
  it('404 for everybody else; 401; 400', async () => {
    const id = await uploaded((await someone()).me)
    const other = (await someone()).me
    expect((await other.delete(`/api/media/${id}`)).status).toBe(404)
    expect((await world.client.delete(`/api/media/${id}`)).status).toBe(401)
    expect((await other.delete('/api/media/nonsense')).status).toBe(400)
    expect(isStored(id)).toBe(true)
  })
})

describe('the quota', () => {
  const half = () => Buffer.alloc(600_000, 'text ')

  it('413 quota_exceeded: says how many bytes are left, and nothing is stored', async () => {
    const { person, me } = await someone('student')
    await uploaded(me, half())
    const answer = await upload(me, half())
    expect(answer).toMatchObject({
      status: 413,
      body: { code: 'quota_exceeded', leftBytes: megabyte - 600_000, quotaBytes: megabyte },
    })
    await world.drain()
    expect(await usageOf(person)).toBe(600_000)
    expect((await me.get('/api/media')).body.items).toHaveLength(1)
  })
  it('201 when what was deleted makes room', async () => {
    const { me } = await someone('student')
    const id = await uploaded(me, half())
    await me.delete(`/api/media/${id}`)
    expect((await upload(me, half())).status).toBe(201)
  })
  it('holds against uploads at once: of ten that fit alone, one is kept', async () => {
    const { person, me } = await someone('student')
    const answers = await Promise.all(Array.from({ length: 10 }, () => upload(me, half())))
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([201, ...Array(9).fill(413)])
    await world.drain()
    expect(await usageOf(person)).toBe(600_000)
  })
  it('holds where the length is not told before: the room is taken as the bytes come', async () => {
    const { person } = await someone('student')
    const before = readdirSync(join(world.deps.config.dataFolder, 'media', '.incoming'))
    const send = (megabytes: number) => {
      const body = async function* () {
        yield Buffer.from('--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n')
        for (let i = 0; i < megabytes * 10; i++) yield Buffer.alloc(100_000, 'text ')
        yield Buffer.from('\r\n--x--\r\n')
      }
      return fetch(`${world.url}/api/media`, {
        method: 'POST',
        duplex: 'half',
        body: ReadableStream.from(body()),
        headers: {
          authorization: `Bearer ${person.accessToken}`,
          'content-type': 'multipart/form-data; boundary=x',
        },
      })
    }
    const over = await send(3)
    expect(over.status).toBe(413)
    expect(await over.json()).toMatchObject({ code: 'quota_exceeded' })
    await world.drain()
    expect(await usageOf(person)).toBe(0)
    expect(readdirSync(join(world.deps.config.dataFolder, 'media', '.incoming'))).toEqual(before)
    expect((await send(1)).status).toBe(201)
    expect(await usageOf(person)).toBe(1_000_000)
  })
})

describe('a store that is away', () => {
  const folder = () => join(world.deps.config.dataFolder, 'media')
  /** What the program asks for, it gets a failure of the real thing: a link that leads to itself. */
  async function whileAway<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const aside = `${folder()}.aside`
    renameSync(folder(), aside)
    symlinkSync('media', folder())
    return work().finally(() => {
      unlinkSync(folder())
      renameSync(aside, folder())
    })
  }
  const away = { status: 502, body: { code: 'store_failed' } }

  it('502 store_failed: an upload, which leaves nothing behind; the bytes of a file; the pictures', async () => {
    const { person, me } = await someone()
    const course = await makeCourse(world.deps, { owner: person })
    const id = await uploaded(me)
    const form = async () => {
      const picture = new FormData()
      picture.set('file', new Blob([new Uint8Array(await files.png(200, 100))]), 'a.png')
      return picture
    }
    await whileAway(async () => {
      expect(await upload(me, files.text())).toMatchObject(away)
      expect(await me.get(`/api/media/${id}`)).toMatchObject(away)
      expect(await me.put(`/api/courses/${course.id}/thumbnail`, await form())).toMatchObject(away)
      expect(await me.put('/api/users/me/avatar', await form())).toMatchObject(away)
      expect(await me.get(`/api/thumbnails/${'0'.repeat(32)}-320.webp`)).toMatchObject(away)
    })
    expect((await me.get('/api/media')).body.items).toHaveLength(1)
    expect(await usageOf(person)).toBe(files.text().length)
    expect((await me.get(`/api/media/${id}`)).status).toBe(200)
  })
  it('502 store_failed: the last part of a resumable upload, which is there for another try', async () => {
    const { person, me } = await someone()
    const tus = { 'tus-resumable': '1.0.0' }
    const begun = await me.post('/api/media/uploads', undefined, {
      headers: { ...tus, 'upload-length': String(files.text().length) },
    })
    const path = `/api/media/uploads/${begun.body.id}`
    const headers = { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
    const last = () => me.patch(path, new Blob([new Uint8Array(files.text())]), { headers })
    expect(await whileAway(last)).toMatchObject(away)
    const bearer = { authorization: `Bearer ${person.accessToken}` }
    const { status } = await fetch(world.url + path, { method: 'HEAD', headers: { ...tus, ...bearer } })
    expect(status).toBe(200)
    expect((await me.get(`/api/media/${begun.body.id}`)).status).toBe(200)
  })
})

describe('what nobody uses', () => {
  const cleanUp = async () => {
    await world.database.pool.query(`select graphile_worker.add_job('media.clean-up', '{}')`)
    await world.drain()
  }

  it('goes after 24 hours; what anything refers to stays', async () => {
    const { person, me } = await someone()
    const [used, unused] = [await uploaded(me), await uploaded(me)]
    await useIt(used)
    world.clock.advance({ minutes: 23 * 60 })
    await cleanUp()
    expect([isStored(used), isStored(unused)]).toEqual([true, true])
    world.clock.advance({ minutes: 61 })
    await cleanUp()
    expect([isStored(used), isStored(unused)]).toEqual([true, false])
    expect(await usageOf(person)).toBe(files.text().length)
  })
  it('stays for a day after it was seen to be used no more, however old it is', async () => {
    const { me } = await someone()
    const id = await uploaded(me)
    await useIt(id)
    world.clock.advance({ minutes: 90 * 24 * 60 })
    await cleanUp()
    await stopUsing(id)
    await cleanUp()
    expect(isStored(id)).toBe(true)
    world.clock.advance({ minutes: 23 * 60 })
    await cleanUp()
    await useIt(id)
    world.clock.advance({ minutes: 24 * 60 })
    await cleanUp()
    await stopUsing(id)
    await cleanUp()
    expect(isStored(id)).toBe(true)
    world.clock.advance({ minutes: 24 * 60 + 1 })
    await cleanUp()
    expect(isStored(id)).toBe(false)
  })
  it('counts its day anew where it was put to use in between', async () => {
    const { person, me } = await someone()
    const id = await uploaded(me, files.text())
    const course = await makeCourse(world.deps, { owner: person })
    const materials = `/api/lessons/${course.lessonIds[0]}/materials`
    const material = (await me.post(materials, { mediaId: id })).body
    expect((await me.delete(`/api/materials/${material.id}`)).status).toBe(204)
    world.clock.advance({ minutes: 25 * 60 })
    await cleanUp()
    expect(isStored(id)).toBe(true)
    world.clock.advance({ minutes: 24 * 60 + 1 })
    await cleanUp()
    expect(isStored(id)).toBe(false)
  })
  it('goes after 24 hours where its upload was never finished, as by a killed server', async () => {
    const { person } = await someone()
    const { storage, clock } = world.deps
    const { id } = person
    await storage.put(`media/${id}`, files.text(), { contentType: 'text/plain' })
    await world.database.pool.query(
      `with usage as (insert into media_usage values ($1, 500))
       insert into media (id, user_id, status, file_name, storage_key, bytes, created_at, touched_at)
       values ($1, $1, 'uploading', 'a', $2, 500, $3, $3)`,
      [id, `media/${id}`, clock.now()],
    )
    world.clock.advance({ minutes: 25 * 60 })
    await cleanUp()
    expect(isStored(id)).toBe(false)
    expect(await usageOf(person)).toBe(0)
  })
})

describe('a person', () => {
  it('gets what they uploaded in their archive', async () => {
    const { me } = await someone()
    const id = await uploaded(me)
    const { body } = await me.get('/api/users/me/export')
    expect(body.media.media).toMatchObject([{ id, kind: 'document', fileName: 'file' }])
  })
  it('takes along what nobody uses when they are deleted; what is used stays', async () => {
    const { person, me } = await someone()
    const [used, unused] = [await uploaded(me), await uploaded(me)]
    await useIt(used)
    expect((await me.delete('/api/users/me', { password: person.password })).status).toBe(204)
    await world.drain()
    expect([isStored(used), isStored(unused)]).toEqual([true, false])
  })
})
