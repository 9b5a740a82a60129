import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noBrowser, openBrowser } from '../support/browser.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

interface Operation {
  operationId?: string
  summary?: string
  tags?: string[]
  security?: object[]
  'x-who'?: string
  requestBody?: { content: Record<string, { schema: object; example?: unknown } | undefined> }
  responses: Record<string, { description?: string }>
}

describe('GET /openapi.json', () => {
  const operations = async () => {
    const { body } = await world.client.get('/openapi.json')
    const paths = body.paths as Record<string, Record<string, Operation>>
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
    )
  }

  it('is OpenAPI 3.1 and says of every operation its id, summary, tag, who may use it and how it succeeds', async () => {
    expect((await world.client.get('/openapi.json')).body.openapi).toBe('3.1.0')
    const all = await operations()
    expect(all.length).toBeGreaterThan(20)
    for (const { name, operationId, summary, tags, security, responses, ...rest } of all) {
      expect({ name, operationId, summary, tags, security, who: rest['x-who'] }, name).toEqual({
        name,
        operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/),
        summary: expect.stringMatching(/\S/),
        tags: [expect.any(String)],
        security: expect.any(Array),
        who: expect.any(String),
      })
      expect(
        Object.keys(responses).filter((status) => /^[23]/.test(status)),
        name,
      ).not.toEqual([])
    }
  })

  it('gives an example of every body that it takes, which its own schema accepts', async () => {
    const { body } = await world.client.get('/openapi.json')
    const ajv = addFormats.default(new Ajv({ strict: false }))
    for (const [path, methods] of Object.entries(body.paths as Record<string, Record<string, Operation>>)) {
      for (const [method, operation] of Object.entries(methods)) {
        const content = operation.requestBody?.content['application/json']
        if (!content) continue
        const name = `${method} ${path}`
        expect(content.example, name).toBeDefined()
        expect(ajv.validate(content.schema, content.example), `${name}: ${ajv.errorsText()}`).toBe(true)
      }
    }
  })

  it('names each operation once', async () => {
    const ids = (await operations()).map(({ operationId }) => operationId)
    expect(ids).toEqual([...new Set(ids)])
  })

  it('declares the refusals of a route by code, those of its policy included', async () => {
    const login = (await operations()).find(({ operationId }) => operationId === 'login')
    expect(login?.responses['401']?.description).toContain('invalid_credentials')
    expect(login?.responses['400']?.description).toContain('validation_failed')
    const me = (await operations()).find(({ operationId }) => operationId === 'listSessions')
    expect(me?.responses['401']?.description).toContain('unauthenticated')
  })

  it('declares what no route chooses: overload everywhere, bodies that are too large or of another kind, 304', async () => {
    for (const { name, responses, requestBody, security = [] } of await operations()) {
      const described = (status: number) => responses[status]?.description ?? ''
      if (!name.endsWith('/readyz')) expect(described(503), name).toContain('`overloaded`')
      if (requestBody) {
        expect(described(413), name).toContain('`payload_too_large`')
        expect(described(415), name).toContain('`unsupported_media_type`')
      }
      const isPublicGet = name.startsWith('get ') && (security.length === 0 || security.length === 2)
      if (isPublicGet) expect(described(304), name).toContain('If-None-Match')
    }
  })

  it('says beside the refusals of a route those it shares with every route by the same status', async () => {
    const change = (await operations()).find(({ name }) => name === 'patch /api/users/me/password')
    expect(change?.responses['401']?.description).toMatch(/`invalid_credentials`[\s\S]*`unauthenticated`/)
  })

  it('describes every answer in words', async () => {
    for (const { name, responses } of await operations())
      for (const { description } of Object.values(responses))
        expect(description, name).not.toBe('Default Response')
  })

  it('says that a session is refreshed by its cookie, or without', async () => {
    const refresh = (await operations()).find(({ operationId }) => operationId === 'refresh')
    expect(refresh?.security).toEqual([{ refreshCookie: [] }, {}])
  })

  it('shows who may do what, as a table made of the policies', async () => {
    const { body } = await world.client.get('/openapi.json')
    expect(body.info.description).toContain('| `GET /api/auth/sessions` | 401 | yes | yes | yes | yes |')
    expect(body.info.description).toContain('| `GET /api/admin/jobs/dead` | 401 | 403 | 403 | 403 | yes |')
  })
})

it('GET /favicon.ico: 204, so that no browser complains', async () => {
  expect(await world.client.get('/favicon.ico')).toMatchObject({ status: 204, body: null })
})

describe.skipIf(noBrowser)(`GET /docs in a browser${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  it('shows the reference without asking any other host for anything', async () => {
    const page = await browser.newPage()
    const elsewhere: string[] = []
    await page.route(
      (url) => url.protocol.startsWith('http') && url.origin !== world.url,
      (route) => {
        elsewhere.push(route.request().url())
        return route.abort()
      },
    )
    await page.goto(`${world.url}/docs/`)
    await page.getByText('Sign in with e-mail address and password').first().waitFor({ timeout: 20_000 })
    expect(elsewhere).toEqual([])
    await page.close()
  })
})
