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

  it('shows who may do what, as a table made of the policies', async () => {
    const { body } = await world.client.get('/openapi.json')
    expect(body.info.description).toContain('| `GET /api/auth/sessions` | 401 | yes | yes | yes | yes |')
    expect(body.info.description).toContain('| `GET /api/admin/jobs/dead` | 401 | 403 | 403 | 403 | yes |')
  })
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
