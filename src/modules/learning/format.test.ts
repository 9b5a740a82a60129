import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { type MadeCourse, makeCourse } from '../catalogue/factory.ts'

const written = '# Why\n\n<script>alert(1)</script> [x](javascript:alert(1)) *Git*'
const html = /^<h1>Why<\/h1>\n<p>&lt;script&gt;.*<em>Git<\/em><\/p>\n$/

let world: World
let course: MadeCourse
beforeAll(async () => {
  world = await createWorld()
  course = await makeCourse(world.deps, {
    title: 'Formats',
    description: written,
    sections: [
      [
        { preview: true, body: written },
        { preview: true, type: 'quiz' },
      ],
    ],
  })
})
afterAll(() => world.close())

it('200 ?format=html: a lesson, with what was written and the safe HTML of it', async () => {
  const path = `/api/courses/${course.id}/lessons/${course.lessonIds[0]}`
  const { body } = await world.client.get(`${path}?format=html`)
  expect(body.body).toBe(written)
  expect(body.bodyHtml).toMatch(html)
  for (const plain of [path, `${path}?format=markdown`]) {
    const answer = await world.client.get(plain)
    expect(answer.body.body).toBe(written)
    expect(answer.body).not.toHaveProperty('bodyHtml')
  }
})
it('200 ?format=html: the page of a course, also when it is asked for again', async () => {
  for (let time = 0; time < 2; time++) {
    const { body } = await world.client.get('/api/courses/formats?format=html')
    expect(body.description).toBe(written)
    expect(body.descriptionHtml).toMatch(html)
    expect((await world.client.get('/api/courses/formats')).body).not.toHaveProperty('descriptionHtml')
  }
})
it('301 ?format=html: an old address leads to the new one in the same format', async () => {
  const owner = world.client.as(course.owner.accessToken)
  await owner.patch(`/api/courses/${course.id}`, { slug: 'formats-anew' })
  const answer = await world.client.get('/api/courses/formats?format=html')
  expect(answer.headers.get('location')).toBe('/api/courses/formats-anew?format=html')
})
it('400: another format', async () => {
  const answer = await world.client.get(`/api/courses/${course.id}?format=pdf`)
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/format' }] } })
})
