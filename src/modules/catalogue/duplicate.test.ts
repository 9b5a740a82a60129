import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { makeMediaRow } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { findCopiedLessons } from './copy-queries.ts'
import { makeCourse } from './factory.ts'

let world: World
let owner: Person
let instructor: Client
let other: Client
let student: Client
let admin: Client
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  instructor = world.client.as(owner.accessToken)
  other = world.client.as((await makePerson(world.deps, { role: 'instructor' })).accessToken)
  student = world.client.as((await makePerson(world.deps)).accessToken)
  admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
})
afterAll(() => world.close())

const duplicate = (id: string, client = instructor) => client.post(`/api/courses/${id}/duplicate`)

/** What a page says, without what must differ. */
function saidOf(page: Record<string, unknown>): unknown {
  const drop = new Set([
    'id',
    'slug',
    'title',
    'status',
    'version',
    'viewer',
    'createdAt',
    'updatedAt',
    'publishedAt',
  ])
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, inner]) => (name === 'id' ? [] : [[name, strip(inner)]])),
    )
  }
  return strip(Object.fromEntries(Object.entries(page).filter(([name]) => !drop.has(name))))
}

it('201: a draft that says the same, with its own sections, lessons and materials', async () => {
  const course = await makeCourse(world.deps, {
    owner,
    title: 'Original',
    subtitle: 'Sub',
    description: '# Why',
    level: 'beginner',
    language: 'en',
    tags: ['a', 'b'],
    price: { amount: 4_900, currency: 'EUR' },
    sequential: true,
    sections: [
      [
        { preview: true, availableAfterDays: 3 },
        { type: 'video', durationSeconds: 60 },
      ],
      [{}],
      [],
    ],
  })
  const [first = '', video = ''] = course.lessonIds
  const mediaId = await makeMediaRow(world, owner)
  await instructor.patch(`/api/lessons/${video}`, { mediaId })
  for (const title of ['One', 'Two'])
    await instructor.post(`/api/lessons/${first}/materials`, { mediaId, title })

  const { status, body, headers } = await duplicate(course.id)
  expect(status).toBe(201)
  expect(headers.get('etag')).toBe('"1"')
  expect(body).toMatchObject({
    title: 'Original (copy)',
    slug: 'original-copy',
    status: 'draft',
    version: 1,
    instructors: [{ id: owner.id, role: 'lead' }],
  })
  expect(body).not.toHaveProperty('publishedAt')
  const before = (await instructor.get(`/api/courses/${course.id}`)).body
  const copy = (await instructor.get(`/api/courses/${body.id}`)).body
  expect(saidOf(copy)).toEqual(saidOf(before))
  const pairs = await findCopiedLessons(world.deps.db, body.id)
  expect(new Map(pairs.map(({ from, to }) => [from, to])).size).toBe(3)
  const copyOf = (id: string) => pairs.find(({ from }) => from === id)?.to ?? ''
  expect(copy.sections[0].lessons.map(({ id }: { id: string }) => id)).toEqual([copyOf(first), copyOf(video)])
  const read = await instructor.get(`/api/courses/${body.id}/lessons/${copyOf(first)}`)
  expect(read.body.materials).toMatchObject([{ title: 'One' }, { title: 'Two' }])
  const copied = await instructor.get(`/api/lessons/${copy.sections[0].id}`)
  expect(copied.body.items).toMatchObject([{ body: 'What Lesson 1 says.' }, { mediaId }])

  await instructor.patch(`/api/lessons/${copyOf(first)}`, { title: 'Changed' })
  expect((await instructor.get(`/api/courses/${course.id}`)).body).toEqual(before)
})
it('201: in as many statements for a large course as for a small one', async () => {
  const small = await makeCourse(world.deps, { owner, title: 'Small' })
  const many = Array.from({ length: 30 }, () => ({}))
  const large = await makeCourse(world.deps, { owner, title: 'Large', sections: [many, many, many] })
  const cost = async (id: string) => {
    world.statements.length = 0
    expect((await duplicate(id)).status).toBe(201)
    return world.statements.length
  }
  expect(await cost(large.id)).toBe(await cost(small.id))
})
it('201: copies of copies and of one title each get their own address; an admin copies any', async () => {
  const { id } = await makeCourse(world.deps, { owner, title: 'Twin', sections: [], published: false })
  const copies = await Promise.all([duplicate(id), duplicate(id), duplicate(id, admin)])
  expect(copies.map(({ body }) => body.slug).toSorted()).toEqual(['twin-copy', 'twin-copy-2', 'twin-copy-3'])
  expect(copies[2]?.body.instructors).toEqual([])
  const { rows } = await world.database.pool.query(
    `select count(*)::int from events where type = 'course.duplicated' and payload->>'courseId' = $1`,
    [id],
  )
  expect(rows).toEqual([{ count: 3 }])
})
it('401, 403, 404', async () => {
  const { id } = await makeCourse(world.deps, { owner })
  const draft = await makeCourse(world.deps, { owner, published: false })
  expect((await duplicate(id, world.client)).status).toBe(401)
  for (const client of [student, other]) expect((await duplicate(id, client)).status).toBe(403)
  expect((await duplicate(draft.id, other)).status).toBe(404)
  expect((await duplicate(newId())).status).toBe(404)
})
