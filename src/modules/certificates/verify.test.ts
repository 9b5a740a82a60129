import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { compactVerify, createLocalJWKSet } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readQr } from '../../../test/support/read-qr.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { makeCertificate } from './factory.ts'
import type { CertificateRow } from './queries.ts'
import { renderCertificate } from './render-certificate.ts'
import { formatCode, verifyUrl } from './rules.ts'
import { signClaims } from './sign-claims.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const verify = (code: string) => world.client.get(`/api/certificates/verify/${code}`)

async function named(name: string, title = 'Git basics'): Promise<CertificateRow> {
  const student = await makePerson(world.deps, { name })
  const { id: courseId } = await makeCourse(world.deps, { title })
  return (await makeCertificate(world.deps, { student, courseId })).certificate
}

async function revoke({ id }: CertificateRow): Promise<void> {
  const admin = await makePerson(world.deps, { role: 'admin' })
  await world.client
    .as(admin.accessToken)
    .post(`/api/certificates/${id}/revoke`, { reason: 'A secret reason.' })
}

describe('GET /certificates/verify/:code', () => {
  it('200 to anybody: what it says, and its signature', async () => {
    const certificate = await named('Asha Rao')
    world.statements.length = 0
    const { status, body } = await verify(formatCode(certificate.code))
    expect(world.statements.length).toBe(1)
    expect(status).toBe(200)
    expect(body).toEqual({
      valid: true,
      holder: 'Asha Rao',
      course: 'Git basics',
      issuedAt: certificate.issued_at.toISOString(),
      revoked: false,
      school: 'Lectern',
      code: formatCode(certificate.code),
      token: certificate.token,
    })
  })

  it('200: as people type it', async () => {
    const { code } = await named('Asha Rao')
    const typed = code.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')
    expect((await verify(typed)).body.code).toBe(formatCode(code))
  })

  it('200 and not valid: a revoked one; the reason is not told', async () => {
    const certificate = await named('Asha Rao')
    await revoke(certificate)
    const { status, body } = await verify(certificate.code)
    expect(status).toBe(200)
    expect(body).toMatchObject({ valid: false, revoked: true, revokedAt: expect.any(String) })
    expect(JSON.stringify(body)).not.toContain('secret')
  })

  it.each(['00000-00000-00000-00000-000000', 'x', '%27%20or%201=1', '%F0%9F%8E%93', newId()])(
    '404: %s was never given out',
    async (code) => {
      expect((await verify(code)).status).toBe(404)
    },
  )

  it('429 after 60 in a minute from one address', async () => {
    const limited = await createWorld({ config: { rateLimits: true } })
    const answers = await Promise.all(
      Array.from({ length: 61 }, () => limited.client.get('/api/certificates/verify/x')),
    )
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1)
    await limited.close()
  })
})

describe('the page /verify/:code', () => {
  it('200: says that it is valid, and escapes what people are called', async () => {
    const { code } = await named('<script>alert(1)</script> & Söhne', '"Tags" & <b>more</b>')
    const { status, body, headers } = await world.client.get(`/verify/${formatCode(code)}`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(body).toContain('Valid certificate')
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; Söhne')
    expect(body).toContain('&quot;Tags&quot; &amp; &lt;b&gt;more&lt;/b&gt;')
    expect(body).not.toMatch(/<script|<b>/)
  })

  it('200: says that it was revoked', async () => {
    const certificate = await named('Asha Rao')
    await revoke(certificate)
    const { body } = await world.client.get(`/verify/${certificate.code}`)
    expect(body).toContain('Revoked certificate')
    expect(body).not.toContain('Valid certificate')
  })

  it('404: says that nobody knows the code, and escapes it', async () => {
    const { status, body } = await world.client.get(`/verify/${encodeURIComponent('<i>x</i>')}`)
    expect(status).toBe(404)
    expect(body).toContain('Unknown certificate')
    expect(body).toContain('&lt;i&gt;x&lt;/i&gt;')
  })
})

describe('the keys at /.well-known/jwks.json', () => {
  const jwks = async () => (await world.client.get('/.well-known/jwks.json')).body

  it('verify by the standard (JWS, EdDSA), and have no private part', async () => {
    const { token, code } = await named('Asha Rao')
    const keys = await jwks()
    for (const key of keys.keys)
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
    const { payload, protectedHeader } = await compactVerify(token, createLocalJWKSet(keys))
    expect(protectedHeader).toEqual({ alg: 'EdDSA', kid: expect.any(String) })
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({ code: formatCode(code) })
  })

  it('stay published when the secret is replaced; what is listed behind the new one goes on signing', async () => {
    const before = await jwks()
    const cause = { userId: null, at: world.clock.now() }
    const claims = { school: 'S', code: 'C', holder: 'H', course: 'T', issuedAt: 'now' }
    const kidUnder = async (secrets: readonly string[]) => {
      const token = await world.deps.transact((tx) => signClaims(tx, cause, { claims, secrets }))
      return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
    }
    const [old = ''] = world.deps.config.accessTokenSecrets
    const kid = before.keys[0].kid
    expect(await kidUnder(['another secret', old])).toBe(kid)
    const next = await kidUnder(['another secret'])
    expect(next).not.toBe(kid)
    expect(await kidUnder(['another secret'])).toBe(next)
    expect((await jwks()).keys.map((key: { kid: string }) => key.kid)).toEqual(
      expect.arrayContaining([kid, next]),
    )
  })
})

describe('the script of docs/certificates.md', () => {
  const script = join(tmpdir(), `verify-${newId()}.mjs`)
  beforeAll(async () => {
    const docs = await readFile(join(import.meta.dirname, '../../../docs/certificates.md'), 'utf8')
    await writeFile(script, /```js\n([\s\S]*?)```/.exec(docs)?.[1] ?? '')
  })
  afterAll(() => rm(script, { force: true }))

  const run = (link: string) => promisify(execFile)(process.execPath, [script, link, world.url])

  // As the PDF shows them: what a camera sees is all that the script gets.
  it.each([
    ['of an ordinary certificate', 'Владимир Ђорђевић', 'Git basics'],
    ['of the longest names', '計'.repeat(120), `${'🎓'.repeat(199)}算`],
  ])('prints the claims of what the QR code says, %s', async (_, holder, course) => {
    const certificate = await named(holder, course)
    const { pdf } = await renderCertificate(certificate, world.deps.config)
    const { said, moduleMm } = readQr(pdf)
    expect(said).toBe(verifyUrl('http://lectern.test', certificate.code, certificate.token))
    // To the digits that PDFs have.
    expect(moduleMm).toBeGreaterThan(0.39999)
    const { stdout } = await run(said)
    expect(stdout).toContain(holder)
    expect(stdout).toContain(course)
    expect(stdout).toContain(formatCode(certificate.code))
  })

  it('has ten lines at most', async () => {
    const lines = (await readFile(script, 'utf8')).split('\n').filter((line) => line !== '')
    expect(lines.length).toBeLessThanOrEqual(10)
  })

  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

  it.each<[string, (parts: string[]) => string[]]>([
    ['another name', ([header = '', , signature = '']) => [header, part({ holder: 'Mallory' }), signature]],
    ['another signature', ([header = '', claims = '']) => [header, claims, 'A'.repeat(86)]],
    ['no signature', ([header = '', claims = '']) => [header, claims, '']],
    ['alg none', ([, claims = '']) => [part({ alg: 'none' }), claims, '']],
    [
      'a key of its own',
      ([, claims = '', signature = '']) => [part({ alg: 'EdDSA', kid: 'mine' }), claims, signature],
    ],
  ])('refuses %s', async (_, forge) => {
    const { code, token } = await named('Asha Rao')
    const forged = forge(token.split('.')).join('.')
    await expect(run(verifyUrl('http://lectern.test', code, forged))).rejects.toThrow(
      'not signed by this school',
    )
  })
})
