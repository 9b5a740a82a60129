import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { makeMediaRow } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson } from '../accounts/factory.ts'
import { type MadeCourse, makeCourse } from './factory.ts'

let world: World
let instructor: Client
let admin: Client
let mine: MadeCourse
let foreign: MadeCourse
let mediaId: string
let instructorId: string
beforeAll(async () => {
  world = await createWorld()
  const owner = await makePerson(world.deps, { role: 'instructor' })
  instructorId = owner.id
  instructor = world.client.as(owner.accessToken)
  admin = world.client.as((await makePerson(world.deps, { role: 'admin' })).accessToken)
  mine = await makeCourse(world.deps, { owner, sections: [[{}, { type: 'video' }], [{}]] })
  foreign = await makeCourse(world.deps)
  mediaId = await makeMediaRow(world, owner)
})
afterAll(() => world.close())

/** All that the catalogue holds, as one short text. */
async function catalogue(): Promise<string> {
  const tables = [
    'categories',
    'courses',
    'course_slugs',
    'course_instructors',
    'sections',
    'lessons',
    'materials',
  ]
  const digests = tables.map(
    (table) => `(select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from ${table} t)`,
  )
  const { rows } = await world.database.pool.query(`select ${digests.join(' || ')} as all`)
  return rows[0].all
}

const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\ud800',
    'x'.repeat(201),
    'x'.repeat(301),
    'INR',
    'HRK',
    'ZZZ',
    'en',
    'draft',
  ),
)
const number = fc.oneof(
  fc.integer({ min: -2, max: 9 }),
  fc.double(),
  fc.constantFrom(2 ** 31, 2 ** 53, 1e300, -0),
)
/** Ids that are there, ids that are not, and what is none. */
const id = fc.oneof(
  fc.nat(9).map((n) => [mine.id, foreign.id, mediaId, instructorId, newId()][n % 5] ?? newId()),
  fc
    .nat(9)
    .map(
      (n) => [...mine.sectionIds, ...mine.lessonIds, ...foreign.sectionIds, ...foreign.lessonIds][n] ?? '',
    ),
  text,
)
const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), text, number)
const field = (right: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 4, arbitrary: right },
    { weight: 1, arbitrary: junk },
    { weight: 1, arbitrary: fc.constant(null) },
  )
const bodyOf = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record(
        Object.fromEntries(Object.entries(fields).map(([name, right]) => [name, field(right)])),
        { requiredKeys: [] },
      ),
    },
    { weight: 1, arbitrary: junk },
  )

const title = fc.constantFrom('A title', 'Git basics', 'x'.repeat(200))
const price = fc.oneof(
  fc.record({ amount: number, currency: text }),
  fc.constant({ amount: 100, currency: 'JPY' }),
)
const type = fc.constantFrom('video', 'text', 'file', 'quiz')
const course = bodyOf({
  title,
  subtitle: text,
  description: text,
  categoryId: id,
  level: fc.constantFrom('beginner', 'expert'),
  language: fc.constantFrom('en', 'pt-BR', 'English!'),
  tags: fc.array(text, { maxLength: 3 }),
  price,
  sequential: fc.boolean(),
})
const lesson = bodyOf({
  sectionId: id,
  title,
  type,
  body: text,
  mediaId: id,
  durationSeconds: number,
  preview: fc.boolean(),
  availableAfterDays: number,
})
const section = bodyOf({ courseId: id, title, description: text })
const order = fc.array(bodyOf({ sectionId: id, lessonIds: fc.array(id, { maxLength: 4 }) }), { maxLength: 4 })

type Send = (body: unknown) => ReturnType<Client['post']>
const routes: [string, fc.Arbitrary<unknown>, Send][] = [
  ['POST /courses', course, (body) => instructor.post('/api/courses', body)],
  ['PATCH /courses/:id', course, (body) => instructor.patch(`/api/courses/${mine.id}`, body)],
  ['PUT /courses/:id', course, (body) => instructor.put(`/api/courses/${mine.id}`, body)],
  [
    'PATCH /courses/:id slug',
    bodyOf({ slug: text }),
    (body) => instructor.patch(`/api/courses/${mine.id}`, body),
  ],
  ['POST /sections', section, (body) => instructor.post('/api/sections', body)],
  ['PATCH /sections/:id', section, (body) => instructor.patch(`/api/sections/${mine.sectionIds[0]}`, body)],
  ['POST /lessons', lesson, (body) => instructor.post('/api/lessons', body)],
  ['PATCH /lessons/:id', lesson, (body) => instructor.patch(`/api/lessons/${mine.lessonIds[1]}`, body)],
  ['PUT /courses/:id/outline', order, (body) => instructor.put(`/api/courses/${mine.id}/outline`, body)],
  [
    'POST /lessons/:id/materials',
    bodyOf({ mediaId: id, title: text }),
    (body) => instructor.post(`/api/lessons/${mine.lessonIds[0]}/materials`, body),
  ],
  [
    'POST /categories',
    bodyOf({ name: text, slug: text, parentId: id }),
    (body) => admin.post('/api/categories', body),
  ],
  [
    'PUT /courses/:id/visibility',
    bodyOf({ hidden: fc.boolean(), reason: text }),
    (body) => admin.put(`/api/courses/${foreign.id}/visibility`, body),
  ],
  [
    'PUT /courses/:id/instructors',
    fc.array(bodyOf({ userId: id, role: fc.constantFrom('lead', 'assistant') }), { maxLength: 3 }),
    (body) => admin.put(`/api/courses/${foreign.id}/instructors`, body),
  ],
]

describe('whatever the body', () => {
  it.each(routes)('%s answers 2xx, or 4xx and has changed nothing', async (_name, bodies, send) => {
    let before = await catalogue()
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        // A text would be sent as it is.
        const answer = await send(typeof body === 'string' ? [body] : body)
        const after = await catalogue()
        if (answer.status >= 400) {
          expect(answer.status).toBeLessThan(500)
          expect(answer.body.code).toEqual(expect.any(String))
          if (answer.status === 400) expect(answer.body.detail).toEqual(expect.any(String))
          expect(after).toBe(before)
        }
        before = after
      }),
      { numRuns: 60 },
    )
  })
})
