import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { makePerson } from '../../src/modules/accounts/factory.ts'
import { makeCourse } from '../../src/modules/catalogue/factory.ts'
import { makeEnrollment } from '../../src/modules/enrollments/factory.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Answer, Client } from '../support/http.ts'
import { type Node, openNode } from '../support/node.ts'
import { createWorld, type World } from '../support/world.ts'

/** Strangers are answered from memory, and never with what is not so any more. */
let world: World
let other: Node
let scene: Scene
beforeAll(async () => {
  world = await createWorld()
  other = await openNode(world)
})
afterAll(async () => {
  await other.close()
  await world.close()
})
beforeEach(async () => {
  scene = await makeScene()
})

async function makeScene() {
  const { deps, client } = world
  const admin = client.as((await makePerson(deps, { role: 'admin' })).accessToken)
  const owner = await makePerson(deps, { role: 'instructor' })
  const { body: category } = await admin.post('/api/categories', { name: `C ${newId()}` })
  const tags = [newId()]
  const sections = [[{ preview: true }, {}], [{}]]
  const course = await makeCourse(deps, { owner, title: 'Pages', categoryId: category.id, tags, sections })
  const { student } = await makeEnrollment(deps, { courseId: course.id })
  const mine = client.as(student.accessToken)
  const review = await mine.put(`/api/courses/${course.id}/reviews/mine`, { stars: 4, text: 'Good.' })
  return {
    admin,
    owner,
    instructor: client.as(owner.accessToken),
    student,
    mine,
    reviewId: review.body.id as string,
    category,
    course,
    page: `/api/courses/${course.id}`,
    reviews: `/api/courses/${course.id}/reviews`,
    sections: `/api/sections/${course.id}`,
    lessons: `/api/lessons/${course.sectionIds[0]}`,
    preview: `/api/courses/${course.id}/lessons/${course.lessonIds[0]}`,
    list: `/api/courses?instructor=${owner.id}`,
    facets: `/api/courses/facets?instructor=${owner.id}`,
    search: `/api/courses?tag=${tags[0]}&q=pages`,
  }
}
type Scene = Awaited<ReturnType<typeof makeScene>>

async function picture(): Promise<FormData> {
  const png = await sharp({ create: { width: 400, height: 300, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(png)], { type: 'image/png' }), 'me.png')
  return form
}

const courseOf = ({ course }: Scene) => `/api/courses/${course.id}`
const lessonOf = ({ course: { lessonIds } }: Scene) => `/api/lessons/${lessonIds[0]}`
const sectionOf = ({ course: { sectionIds } }: Scene) => `/api/sections/${sectionIds[0]}`
const setThumbnail = async (scene: Scene) =>
  scene.instructor.put(`${courseOf(scene)}/thumbnail`, await picture())
const setAvatar = async (scene: Scene) => scene.instructor.put('/api/users/me/avatar', await picture())

interface Case {
  readonly before?: (scene: Scene) => Promise<unknown>
  readonly write: (scene: Scene) => Promise<Answer>
  /** The pages that must be others afterwards. */
  readonly changes: (scene: Scene) => string[]
}
const all = ({ page, list, search }: Scene) => [page, list, search]
const alone = ({ page }: Scene) => [page]
const everywhere = ({ page, list, search, facets }: Scene) => [page, list, search, facets]

/** By route: every one that can change what strangers see. */
const cases: Readonly<Record<string, Case>> = {
  'POST /api/categories': {
    write: ({ admin }) => admin.post('/api/categories', { name: `D ${newId()}` }),
    changes: () => ['/api/categories?limit=100'],
  },
  'PATCH /api/categories/:id': {
    write: ({ admin, category }) => admin.patch(`/api/categories/${category.id}`, { name: `E ${newId()}` }),
    changes: (scene) => [...everywhere(scene), '/api/categories?limit=100'],
  },
  'DELETE /api/categories/:id': {
    before: ({ admin, course }) => admin.patch(`/api/courses/${course.id}`, { categoryId: null }),
    write: ({ admin, category }) => admin.delete(`/api/categories/${category.id}`),
    changes: () => ['/api/categories?limit=100'],
  },
  'PATCH /api/courses/:id': {
    write: (scene) => scene.instructor.patch(courseOf(scene), { title: 'Pages anew', level: 'advanced' }),
    changes: everywhere,
  },
  'PUT /api/courses/:id': {
    write: (scene) => scene.instructor.put(courseOf(scene), { title: 'Pages' }),
    changes: everywhere,
  },
  'DELETE /api/courses/:id': {
    write: (scene) => scene.instructor.delete(courseOf(scene)),
    changes: everywhere,
  },
  'POST /api/courses/:id/publish': {
    before: (scene) => scene.instructor.post(`${courseOf(scene)}/unpublish`),
    write: (scene) => scene.instructor.post(`${courseOf(scene)}/publish`),
    changes: everywhere,
  },
  'POST /api/courses/:id/unpublish': {
    write: (scene) => scene.instructor.post(`${courseOf(scene)}/unpublish`),
    changes: everywhere,
  },
  'PUT /api/courses/:id/visibility': {
    write: (scene) => scene.admin.put(`${courseOf(scene)}/visibility`, { hidden: true, reason: 'No.' }),
    changes: everywhere,
  },
  'PUT /api/courses/:id/instructors': {
    write: async (scene) => {
      const { id } = await makePerson(world.deps, { role: 'instructor' })
      return scene.admin.put(`${courseOf(scene)}/instructors`, [{ userId: id, role: 'lead' }])
    },
    changes: everywhere,
  },
  'PUT /api/courses/:id/thumbnail': { write: setThumbnail, changes: all },
  'DELETE /api/courses/:id/thumbnail': {
    before: setThumbnail,
    write: (scene) => scene.instructor.delete(`${courseOf(scene)}/thumbnail`),
    changes: all,
  },
  'POST /api/sections': {
    write: ({ instructor, course }) =>
      instructor.post('/api/sections', { courseId: course.id, title: 'More' }),
    changes: (scene) => [...all(scene), scene.sections],
  },
  'PATCH /api/sections/:id': {
    write: (scene) => scene.instructor.patch(sectionOf(scene), { title: 'Renamed' }),
    changes: (scene) => [...all(scene), scene.sections],
  },
  'DELETE /api/sections/:id': { write: (scene) => scene.instructor.delete(sectionOf(scene)), changes: all },
  'PUT /api/courses/:id/outline': {
    write: ({ instructor, course: { id, sectionIds, lessonIds } }) =>
      instructor.put(`/api/courses/${id}/outline`, [
        { sectionId: sectionIds[0], lessonIds: lessonIds.toReversed() },
        { sectionId: sectionIds[1], lessonIds: [] },
      ]),
    changes: all,
  },
  'POST /api/lessons/:id/materials': {
    write: async (scene) => {
      const { body: file } = await scene.instructor.post('/api/media', await picture())
      return scene.instructor.post(`${lessonOf(scene)}/materials`, { mediaId: file.id })
    },
    changes: ({ preview }) => [preview],
  },
  'POST /api/lessons': {
    write: ({ instructor, course }) =>
      instructor.post('/api/lessons', { sectionId: course.sectionIds[0], title: 'New', type: 'text' }),
    changes: all,
  },
  'PATCH /api/lessons/:id': {
    write: (scene) => scene.instructor.patch(lessonOf(scene), { title: 'Renamed' }),
    changes: (scene) => [...all(scene), scene.lessons, scene.preview],
  },
  'DELETE /api/lessons/:id': { write: (scene) => scene.instructor.delete(lessonOf(scene)), changes: all },
  'PUT /api/courses/:id/reviews/mine': {
    write: (scene) => scene.mine.put(`${scene.reviews}/mine`, { stars: 1 }),
    changes: (scene) => [...all(scene), scene.reviews],
  },
  'DELETE /api/courses/:id/reviews/mine': {
    write: (scene) => scene.mine.delete(`${scene.reviews}/mine`),
    changes: (scene) => [...all(scene), scene.reviews],
  },
  'DELETE /api/reviews/:id': {
    write: ({ admin, reviewId }) => admin.delete(`/api/reviews/${reviewId}`),
    changes: (scene) => [...all(scene), scene.reviews],
  },
  'PATCH /api/users/me': {
    write: ({ instructor }) => instructor.patch('/api/users/me', { headline: 'Teaches.' }),
    changes: all,
  },
  'PUT /api/users/me/avatar': { write: setAvatar, changes: all },
  'DELETE /api/users/me/avatar': {
    before: setAvatar,
    write: ({ instructor }) => instructor.delete('/api/users/me/avatar'),
    changes: all,
  },
  'PATCH /api/users/:id': {
    write: ({ admin, student }) => admin.patch(`/api/users/${student.id}`, { name: 'Renamed' }),
    changes: ({ reviews }) => [reviews],
  },
  'DELETE /api/users/me': {
    write: ({ mine }) => mine.delete('/api/users/me', { password: 'correct horse battery' }),
    changes: ({ reviews }) => [reviews],
  },
  'DELETE /api/users/:id': {
    write: ({ admin, owner }) => admin.delete(`/api/users/${owner.id}`),
    changes: alone,
  },
}

/** Those that change nothing that strangers see, and why. */
const silent: Readonly<Record<string, string>> = {
  'POST /api/courses': 'a draft',
  'POST /api/courses/:id/duplicate': 'a draft',
  'POST /api/users': 'teaches nothing yet',
  'PATCH /api/users/me/password': 'not shown',
  'DELETE /api/materials/:id': 'for readers of the lesson',
  'POST /api/courses/:id/enrollments': 'counted later, by a job',
  'POST /api/courses/:id/enrollments/import': 'counted later, by a job',
}
const elsewhere = /\/(quiz|exam|questions)(\/|$)|\/(guardian|children|guardians)/

describe('the pages of strangers', () => {
  it('are tried with every route that writes to what they show', () => {
    const writes = world.app.policies
      .filter(({ method }) => method !== 'GET' && method !== 'HEAD')
      .map(({ method, url }) => `${method} ${url}`)
      .filter((name) => /\/api\/(categories|courses|sections|lessons|materials|reviews|users)\b/.test(name))
      .filter((name) => !elsewhere.test(name))
    expect(writes.filter((name) => !cases[name] && !silent[name])).toEqual([])
  })

  const there = async (node: Pick<Node, 'client'>, path: string) => {
    const { status, body } = await node.client.get(path)
    return JSON.stringify([status, status === 200 ? body : null])
  }

  it.each(Object.entries(cases))(
    '%s: others by the next request, and within a second on another node',
    async (_name, tried) => {
      await tried.before?.(scene)
      const paths = tried.changes(scene)
      const before = await Promise.all(paths.map((path) => there(world, path)))
      await Promise.all(paths.map((path) => there(other, path)))
      const { status } = await tried.write(scene)
      expect(status).toBeLessThan(300)
      const after = await Promise.all(paths.map((path) => there(world, path)))
      for (const [index, path] of paths.entries())
        expect([path, after[index]]).not.toEqual([path, before[index]])
      await vi.waitFor(
        async () => expect(await Promise.all(paths.map((path) => there(other, path)))).toEqual(after),
        { timeout: 1_000, interval: 20 },
      )
    },
  )
})

describe('memory', () => {
  /** Asks until nothing is told any more and the answer comes from memory. */
  const settled = (path: string) =>
    vi.waitFor(async () => {
      world.statements.length = 0
      const answer = await world.client.get(path)
      expect(world.statements).toEqual([])
      return answer
    }, 5_000)
  it('200 without a statement, with the same ETag; 304 for who has it; HEAD alike', async () => {
    const { page, list, facets, search, reviews, sections, lessons, preview } = scene
    const contents = [sections, lessons, preview]
    for (const path of [page, list, facets, search, reviews, ...contents, '/api/categories']) {
      const first = await world.client.get(path)
      const kept = await settled(path)
      expect(kept).toMatchObject({ status: 200, body: first.body })
      const etag = kept.headers.get('etag') ?? ''
      expect(etag).toBe(first.headers.get('etag'))
      expect(kept.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(kept.headers.get('cache-control')).toBe('no-cache')
      const again = await world.client.get(path, { headers: { 'if-none-match': etag } })
      expect([again.status, again.body]).toEqual([304, null])
      const head = await fetch(new URL(path, world.url), { method: 'HEAD' })
      expect([head.status, head.headers.get('etag')]).toEqual([200, etag])
    }
    expect(world.statements).toEqual([])
  })
  it('200 without a statement however the address is written', async () => {
    await settled(`${scene.list}&sort=newest`)
    const [path, query = ''] = scene.list.split('?')
    for (const same of [`sort=newest&${query}`, `${query}&%73ort=ne%77est`]) {
      expect((await world.client.get(`${path}?${same}`)).status).toBe(200)
      expect(world.statements).toEqual([])
    }
  })
  it('200 without a statement where another course is edited, until it is found by what lists show', async () => {
    const owner = await makePerson(world.deps, { role: 'instructor' })
    const another = await makeCourse(world.deps, { owner, title: 'Elsewhere' })
    const editor = world.client.as(owner.accessToken)
    // Its own changes a process hears twice, the second time a little later.
    await vi.waitFor(async () => {
      await settled(scene.list)
      await editor.patch(`/api/lessons/${another.lessonIds[0]}`, { body: 'Edited.' })
      expect(world.statements).not.toEqual([])
      world.statements.length = 0
      await world.client.get(scene.list)
      expect(world.statements).toEqual([])
    }, 5_000)
    await editor.patch(`/api/lessons/${another.lessonIds[0]}`, { title: 'Pages, too' })
    world.statements.length = 0
    await world.client.get(scene.list)
    expect(world.statements).toHaveLength(1)
  })
  it('200 without a statement while students enroll; the order by popularity follows', async () => {
    const second = await makeCourse(world.deps, { owner: scene.owner, title: 'Popular' })
    const popular = `${scene.list}&sort=popular`
    await settled(popular)
    await settled(scene.page)
    const student = await makePerson(world.deps)
    await world.client.as(student.accessToken).post('/api/enrollments', { courseId: second.id })
    const another = await makePerson(world.deps)
    await world.client.as(another.accessToken).post('/api/enrollments', { courseId: second.id })
    await world.drain()
    world.statements.length = 0
    await world.client.get(scene.page)
    expect(world.statements).toEqual([])
    const { body } = await world.client.get(popular)
    expect(body.items[0].id).toBe(second.id)
  })
  it('what somebody signed in sees is neither taken from there nor kept there', async () => {
    const signedIn: Client = scene.mine
    const personal = await signedIn.get(scene.page)
    expect(personal.body.viewer.enrollment.status).toBe('active')
    expect((await world.client.get(scene.page)).body).not.toHaveProperty('viewer')
    expect((await signedIn.get(scene.page)).body).toEqual(personal.body)
  })
  it('an old slug leads on, also when the page of the new one is in memory', async () => {
    const { body } = await world.client.get(scene.page)
    await world.client.get(`/api/courses/${body.slug}`)
    const slug = `renamed-${newId()}`
    await scene.instructor.patch(scene.page, { slug })
    await world.client.get(`/api/courses/${slug}`)
    expect((await world.client.get(`/api/courses/${body.slug}`)).status).toBe(301)
    expect((await world.client.get(`/api/courses/${slug}`)).status).toBe(200)
  })
  it('is not believed on a node that cannot hear', async () => {
    const deaf = await openNode(world)
    await deaf.client.get(scene.page)
    await deaf.deps.signals.close()
    await scene.instructor.patch(scene.page, { title: 'Said to the deaf' })
    expect((await deaf.client.get(scene.page)).body.title).toBe('Said to the deaf')
    await deaf.close()
  })
  it('no page from before a commit is answered after it, however readers and writers race', async () => {
    const wrong: string[] = []
    let done = false
    const reader = async () => {
      while (!done) await world.client.get(scene.page)
    }
    const readers = [reader(), reader(), reader()]
    for (let turn = 0; turn < 25; turn++) {
      const title = `Turn ${turn}`
      await scene.instructor.patch(scene.page, { title })
      const { body } = await world.client.get(scene.page)
      if (body.title !== title) wrong.push(`${title}: ${body.title}`)
    }
    done = true
    await Promise.all(readers)
    expect(wrong).toEqual([])
  })
})
