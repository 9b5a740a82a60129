import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { makeMediaRow, upload } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { type CourseWish, makeCourse } from '../catalogue/factory.ts'
import { makeEnrollment } from '../enrollments/factory.ts'
import { files } from '../media/factory.ts'

let world: World
let png: Buffer
beforeAll(async () => {
  world = await createWorld()
  png = await files.png(700, 30)
})
afterAll(() => world.close())

const as = (person: Person) => world.client.as(person.accessToken)
const someone = async (role: 'student' | 'instructor' | 'admin' = 'student') =>
  as(await makePerson(world.deps, { role }))
const enrolledIn = async (courseId: string) => as((await makeEnrollment(world.deps, { courseId })).student)

/** A course with its teacher and a student; the time moves, and bearers end with it, so each test has its own. */
async function scene(wish: CourseWish = {}) {
  const owner = await makePerson(world.deps, { role: 'instructor' })
  const course = await makeCourse(world.deps, { owner, ...wish })
  const [first = '', second = ''] = course.lessonIds
  const student = course && wish.published === false ? await someone() : await enrolledIn(course.id)
  const page = `/api/courses/${course.id}`
  return {
    course,
    owner,
    teacher: as(owner),
    student,
    first,
    second,
    page,
    lesson: `${page}/lessons/${first}`,
  }
}
async function picture(client: Client): Promise<string> {
  const { status, body } = await upload(client, png, { name: 'tree.png' })
  expect(status).toBe(201)
  return body.id
}
async function html(client: Client, path: string): Promise<string> {
  const { status, body } = await client.get(`${path}?format=html`)
  expect(status).toBe(200)
  return body.bodyHtml ?? body.descriptionHtml
}
const addresses = (text: string) =>
  [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address = '']) => address.replaceAll('&amp;', '&'))
/** As an `<img>` asks for it: without a bearer. */
async function shown(address = ''): Promise<number> {
  const { pathname, search } = new URL(address, world.url)
  const answer = await fetch(new URL(pathname + search, world.url))
  await answer.arrayBuffer()
  return answer.status
}
const image = (id: string) => `![x](/api/media/${id})`
const write = (client: Client, lessonId: string, body: string | null) =>
  client.patch(`/api/lessons/${lessonId}`, { body })
/** The nightly clean-up, and that of a week later. */
async function cleanUp(): Promise<void> {
  for (const days of [1, 7]) {
    world.clock.advance({ days })
    await world.database.pool.query(`select graphile_worker.add_job('media.clean-up', '{}')`)
    await world.drain()
  }
}

describe('a picture in the text of a lesson', () => {
  it('is seen by the enrolled as a browser asks for it, stays while it is named, and goes when it is not', async () => {
    const { course, teacher, student, first, lesson } = await scene()
    const id = await picture(teacher)
    const body = `Look:\n\n![A "tree"](/api/media/${id} "of <commits>")`
    expect(await write(teacher, first, body)).toMatchObject({ status: 200, body: { body } })
    const rendered = await html(student, lesson)
    expect(rendered).toContain('alt="A &quot;tree&quot;" title="of &lt;commits&gt;"')
    const [address] = addresses(rendered)
    expect(address).toContain(`${world.deps.config.publicUrl}/api/media/${id}?expires=`)
    expect(await shown(address)).toBe(200)
    expect((await student.get(`/api/media/${id}`)).status).toBe(200)
    const refused = await teacher.delete(`/api/media/${id}`)
    expect(refused).toMatchObject({ status: 409, body: { code: 'media_in_use' } })

    const stranger = await someone()
    expect((await stranger.get(`${lesson}?format=html`)).status).toBe(403)
    expect((await stranger.get(`/api/media/${id}`)).status).toBe(404)
    expect(await shown(`/api/media/${id}`)).toBe(401)

    await cleanUp()
    expect(await shown(address)).toBe(401)
    expect(await shown(addresses(await html(await enrolledIn(course.id), lesson))[0])).toBe(200)

    expect((await write(await someone('admin'), first, null)).status).toBe(200)
    expect((await (await enrolledIn(course.id)).get(`/api/media/${id}`)).status).toBe(404)
    await cleanUp()
    expect((await (await someone('admin')).get(`/api/media/${id}`)).status).toBe(404)
  })

  it('by whatever address of it: absolute, with the version, signed, as a reference, as a link, narrower', async () => {
    const { teacher, student, first, lesson } = await scene()
    const ids = await Promise.all(Array.from({ length: 6 }, () => picture(teacher)))
    const [a, b, c, d, e, f] = ids
    const signed = (await teacher.get(`/api/media/${c}/details`)).body.url
    const body = [
      `![a](${world.deps.config.publicUrl}/api/media/${a})`,
      `![b](/api/v1/media/${b})`,
      `![c](${signed})`,
      `![d][d]\n\n[d]: </api/media/${d}>`,
      `[e](/api/media/${e})`,
      `![f](/api/media/${f}?width=320)`,
    ]
    expect((await write(teacher, first, body.join('\n\n'))).status).toBe(200)
    const found = addresses(await html(student, lesson))
    expect(found.map((address) => ids.findIndex((id) => address.includes(id)))).toEqual([0, 1, 2, 3, 4, 5])
    for (const address of found) expect(await shown(address)).toBe(200)
    expect(found[5]).toMatch(/&width=320$/)
    for (const id of ids) expect((await student.get(`/api/media/${id}`)).status).toBe(200)
  })

  it('is not seen where its lesson is not: before its turn, before its day, in a draft', async () => {
    const sequential = await scene({ sequential: true })
    const locked = await picture(sequential.teacher)
    await write(sequential.teacher, sequential.second, image(locked))
    const dripped = await scene()
    const late = await picture(dripped.teacher)
    await dripped.teacher.patch(`/api/lessons/${dripped.first}`, { body: image(late), availableAfterDays: 3 })
    const draft = await scene({ published: false })
    const unseen = await picture(draft.teacher)
    await write(draft.teacher, draft.first, image(unseen))
    for (const [{ teacher, student }, id] of [
      [sequential, locked],
      [dripped, late],
      [draft, unseen],
    ] as const) {
      expect((await student.get(`/api/media/${id}`)).status).toBe(404)
      expect((await teacher.get(`/api/media/${id}`)).status).toBe(200)
    }
  })

  it('is seen by everybody in a preview, whose page is not kept longer than its addresses last', async () => {
    const { teacher, first, lesson } = await scene()
    const id = await picture(teacher)
    await teacher.patch(`/api/lessons/${first}`, { preview: true, body: image(id) })
    const [address] = addresses(await html(world.client, lesson))
    expect(await shown(address)).toBe(200)
    expect(await shown(`/api/media/${id}`)).toBe(200)
    world.clock.advance({ hours: 4 })
    const [later] = addresses(await html(world.client, lesson))
    expect(later).not.toBe(address)
    expect(await shown(later)).toBe(200)
  })

  it('of another course is not signed for readers of this one', async () => {
    const { course, teacher, student, lesson } = await scene()
    const id = await picture(teacher)
    // A text of before files in texts were counted.
    const text = `update lessons set body = $2 where course_id = $1`
    await world.database.pool.query(text, [course.id, image(id)])
    expect(addresses(await html(student, lesson))).toEqual([`/api/media/${id}`])
  })

  it('is in the copy of a course, too', async () => {
    const { course, teacher, first } = await scene()
    const [id, shownFirst] = [await picture(teacher), await picture(teacher)]
    await write(teacher, first, image(id))
    await teacher.patch(`/api/courses/${course.id}`, { description: image(shownFirst) })
    const { body: copy } = await teacher.post(`/api/courses/${course.id}/duplicate`)
    await teacher.delete(`/api/courses/${course.id}`)
    await write(teacher, first, null)
    await teacher.patch(`/api/courses/${course.id}`, { description: null })
    await teacher.post(`/api/courses/${copy.id}/publish`)
    const student = await enrolledIn(copy.id)
    for (const mediaId of [id, shownFirst])
      expect((await student.get(`/api/media/${mediaId}`)).status).toBe(200)
  })
})

describe('a picture in the description of a course', () => {
  it('is seen by everybody who sees the course, and stays', async () => {
    const { course, teacher, page } = await scene()
    const id = await picture(teacher)
    expect((await teacher.patch(page, { description: image(id) })).status).toBe(200)
    const [address] = addresses(await html(world.client, page))
    expect(await shown(address)).toBe(200)
    expect(await shown(`/api/media/${id}`)).toBe(200)
    await cleanUp()
    const [later] = addresses(await html(world.client, page))
    expect(later).not.toBe(address)
    expect(await shown(later)).toBe(200)
    const admin = await someone('admin')
    expect((await admin.put(page, { title: course.id })).status).toBe(200)
    expect((await (await someone()).get(`/api/media/${id}`)).status).toBe(404)
  })

  it('of a draft or a hidden course is seen by its owners and who is enrolled', async () => {
    const { teacher, student, page } = await scene()
    const id = await picture(teacher)
    await teacher.patch(page, { description: image(id) })
    const admin = await someone('admin')
    await admin.put(`${page}/visibility`, { hidden: true, reason: 'Not ours.' })
    for (const [client, status] of [
      [teacher, 200],
      [student, 200],
      [await someone(), 404],
      [await someone('instructor'), 404],
    ] as const)
      expect((await client.get(`/api/media/${id}`)).status).toBe(status)
    expect(await shown(`/api/media/${id}`)).toBe(401)
  })
})

describe('400: a text names what its writer may not use', () => {
  it('names the field and the file; nothing changes', async () => {
    const { course, owner, teacher, first, page } = await scene()
    const other = await makePerson(world.deps, { role: 'instructor' })
    const [section] = course.sectionIds
    for (const id of [
      await picture(as(other)),
      newId(),
      await makeMediaRow(world, owner, { status: 'failed' }),
    ]) {
      const detail = { message: expect.stringContaining(id) }
      const refused = (path: string) => ({ status: 400, body: { errors: [{ path, ...detail }] } })
      const body = `Fine. ${image(id)}`
      expect(await write(teacher, first, body)).toMatchObject(refused('/body'))
      const added = { sectionId: section, title: 'New', type: 'text', body }
      expect(await teacher.post('/api/lessons', added)).toMatchObject(refused('/body'))
      const described = { title: 'Course', description: body }
      for (const [method, path] of [
        ['patch', page],
        ['put', page],
        ['post', '/api/courses'],
      ] as const)
        expect(await teacher[method](path, described)).toMatchObject(refused('/description'))
    }
    expect((await teacher.get(page)).body).toMatchObject({ version: 7, title: 'Git basics' })
    expect((await teacher.get(`/api/lessons/${section}`)).body.items).toHaveLength(2)
  })
  it('but a colleague may keep, and name again, what the course uses', async () => {
    const { course, owner, teacher, first, second } = await scene()
    const colleague = await makePerson(world.deps, { role: 'instructor' })
    const instructors = [
      { userId: owner.id, role: 'lead' },
      { userId: colleague.id, role: 'assistant' },
    ]
    await (await someone('admin')).put(`/api/courses/${course.id}/instructors`, instructors)
    const id = await picture(teacher)
    await write(teacher, first, image(id))
    for (const lessonId of [first, second])
      expect((await write(as(colleague), lessonId, `Anew: ${image(id)}`)).status).toBe(200)
    const unused = await picture(teacher)
    expect((await write(as(colleague), first, image(unused))).status).toBe(400)
  })
  it('names more than 200 files', async () => {
    const { teacher, first } = await scene()
    const body = Array.from({ length: 201 }, () => image(newId())).join('\n')
    expect((await write(teacher, first, body)).body.errors[0]).toMatchObject({
      path: '/body',
      message: expect.stringContaining('more than 200'),
    })
  })
  it('code names nothing', async () => {
    const { teacher, first } = await scene()
    const body = `\`${image(newId())}\`\n\n~~~md\n${image(newId())}\n~~~\n`
    expect((await write(teacher, first, body)).status).toBe(200)
  })
})

it('texts of before: what those who teach, or an admin, uploaded is counted', async () => {
  const { course, teacher, first, second } = await scene()
  const mine = await picture(teacher)
  const foreign = await picture(await someone('instructor'))
  const admins = await picture(await someone('admin'))
  const { pool } = world.database
  const fill = 'update lessons set body = $2 where id = $1'
  const absolute = `![x](https://once.example/api/v1/media/${mine.toUpperCase()}?expires=1)`
  await pool.query(fill, [first, `${absolute} ${image(foreign)} ${image(newId())}`])
  await pool.query(fill, [second, `${image(mine)} ${image(mine)}`])
  await pool.query('update courses set description = $2 where id = $1', [course.id, image(admins)])
  await pool.query('drop table lesson_text_media, course_text_media')
  const migration = '../../../db/migrations/0033_catalogue_text_media.sql'
  await pool.query(await readFile(join(import.meta.dirname, migration), 'utf8'))
  const ofLessons = 'select media_id from lesson_text_media where lesson_id = any($1)'
  const { rows: named } = await pool.query(ofLessons, [[first, second]])
  expect(named).toEqual([{ media_id: mine }, { media_id: mine }])
  const ofCourse = 'select media_id from course_text_media where course_id = $1'
  const { rows: described } = await pool.query(ofCourse, [course.id])
  expect(described).toEqual([{ media_id: admins }])
  const { rows: unused } = await pool.query('select id from media where unused_since is not null')
  expect(unused.map(({ id }) => id)).toContain(foreign)
  expect(unused.map(({ id }) => id)).not.toContain(mine)
})
