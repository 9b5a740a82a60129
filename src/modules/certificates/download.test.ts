import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { textsOf } from '../../../test/support/pdf.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeCertificate } from './factory.ts'
import { pdfKey } from './pdf-key.ts'
import type { CertificateRow } from './queries.ts'
import { formatCode } from './rules.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const path = (id: string) => `/api/certificates/${id}/download`
const download = (person: Person, id: string, headers: Record<string, string> = {}) =>
  world.client.as(person.accessToken).get(path(id), { headers })

async function pdfOf(person: Person, id: string): Promise<Buffer> {
  const answer = await fetch(new URL(path(id), world.url), {
    headers: { authorization: `Bearer ${person.accessToken}` },
  })
  return Buffer.from(await answer.arrayBuffer())
}

async function stored(certificate: CertificateRow): Promise<boolean> {
  return (await world.deps.storage.head(pdfKey(certificate, world.deps.config))) !== null
}

describe('GET /certificates/:id/download', () => {
  it('200: a PDF with school, holder, course, day and code', async () => {
    const student = await makePerson(world.deps, { name: 'Владимир Ђорђевић' })
    const { id: courseId } = await makeCourse(world.deps, { title: '計算機科學 (1)' })
    const { certificate } = await makeCertificate(world.deps, { student, courseId })
    const answer = await download(student, certificate.id)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/pdf')
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="_____ (1).pdf"; filename*=UTF-8''${encodeURIComponent('計算機科學')}%20%281%29.pdf`,
    )
    const pdf = await pdfOf(student, certificate.id)
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    const texts = textsOf(pdf)
    expect(texts).toEqual(
      expect.arrayContaining([
        'Lectern',
        'Владимир Ђорђевић',
        '計算機科學 (1)',
        formatCode(certificate.code),
      ]),
    )
    const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })
    expect(texts).toContain(`on ${day.format(certificate.completed_at)}`)
  })

  it('is made once, ahead of the first download, and read from the store then', async () => {
    const { certificate, student } = await makeCertificate(world.deps)
    expect(await stored(certificate)).toBe(false)
    await world.drain()
    expect(await stored(certificate)).toBe(true)
    await world.deps.storage.put(pdfKey(certificate, world.deps.config), Buffer.from('%PDF-stored'), {
      contentType: 'application/pdf',
    })
    world.statements.length = 0
    expect((await download(student, certificate.id)).body).toBe('%PDF-stored')
    expect(world.statements.length).toBe(1)
  })

  it('200: made on demand where it is not there (yet), and kept', async () => {
    const { certificate, student } = await makeCertificate(world.deps)
    expect((await download(student, certificate.id)).status).toBe(200)
    expect(await stored(certificate)).toBe(true)
  })

  it('304: the client has it', async () => {
    const { certificate, student } = await makeCertificate(world.deps)
    const tag = (await download(student, certificate.id)).headers.get('etag') ?? ''
    expect(tag).toMatch(/^"\w+"$/)
    expect((await download(student, certificate.id, { 'if-none-match': tag })).status).toBe(304)
    expect((await download(student, certificate.id, { 'if-none-match': '"other"' })).status).toBe(200)
  })

  it('200 for the instructor of the course and admins; 404 for others, and for none', async () => {
    const { id: courseId, owner } = await makeCourse(world.deps)
    const { certificate } = await makeCertificate(world.deps, { courseId })
    await world.drain()
    const admin = await makePerson(world.deps, { role: 'admin' })
    for (const person of [owner, admin]) expect((await download(person, certificate.id)).status).toBe(200)
    for (const role of ['student', 'instructor', 'parent'] as const)
      expect((await download(await makePerson(world.deps, { role }), certificate.id)).status).toBe(404)
    expect((await download(admin, newId())).status).toBe(404)
    expect((await world.client.get(path(certificate.id))).status).toBe(401)
  })

  it('409 certificate_revoked: there is none any more', async () => {
    const { certificate, student } = await makeCertificate(world.deps)
    await world.drain()
    const admin = await makePerson(world.deps, { role: 'admin' })
    await world.client.as(admin.accessToken).post(`/api/certificates/${certificate.id}/revoke`)
    expect(await download(student, certificate.id)).toMatchObject({
      status: 409,
      body: { code: 'certificate_revoked' },
    })
    await world.drain()
    expect(await stored(certificate)).toBe(false)
  })

  it('of one who deleted their account is stored no more; the owner gets one without the name', async () => {
    const student = await makePerson(world.deps, { name: 'Vera Vergessen' })
    const { id: courseId, owner } = await makeCourse(world.deps)
    const { certificate } = await makeCertificate(world.deps, { student, courseId })
    await world.drain()
    expect(await stored(certificate)).toBe(true)
    await world.client.as(student.accessToken).delete('/api/users/me', { password: student.password })
    await world.drain()
    expect(await stored(certificate)).toBe(false)
    const texts = textsOf(await pdfOf(owner, certificate.id))
    expect(texts).toContain('Deleted user')
    expect(texts.join()).not.toContain('Vergessen')
  })
})
