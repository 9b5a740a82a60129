import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noBrowser, openBrowser } from '../support/browser.ts'
import { publishCourse, register } from '../support/school.ts'
import { freePort, type ServerProcess, startServer } from '../support/server.ts'

const here: { data: string; browser: Browser; server: ServerProcess; address: string } = {} as never
beforeAll(async () => {
  if (noBrowser) return
  here.data = await mkdtemp(join(tmpdir(), 'lectern-example-'))
  const port = await freePort()
  here.address = `http://127.0.0.1:${port}`
  here.server = await startServer({ data: here.data, port })
  here.browser = await openBrowser()
})
afterAll(async () => {
  await here.browser?.close()
  await here.server?.stop()
  if (here.data) await rm(here.data, { recursive: true, force: true })
})

/** A page of the example, and what went wrong in it: by script, by its policy, or for want of a file. */
async function openPage(context: BrowserContext): Promise<{ page: Page; faults: string[] }> {
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  await page.goto(`${here.address}/example`)
  return { page, faults }
}

async function signUp(page: Page, email: string): Promise<void> {
  await page.getByPlaceholder('E-mail').fill(email)
  await page.getByPlaceholder('Password').fill('a long password')
  await page.getByRole('button', { name: 'Register' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

const evaluate = (page: Page, code: string): Promise<unknown> => page.evaluate(code)
/** Nobody is signed in when a page first asks, which a browser writes to its console. */
const unexpected = (faults: string[]) => faults.filter((fault) => !fault.includes('401'))

describe.skipIf(noBrowser)(`the example${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it('browses, buys at the simulator, learns, has a certificate, and chats', {
    timeout: 180_000,
  }, async () => {
    const teacher = await register(here.server.client, 'Ines', 'instructor')
    await publishCourse(teacher, { title: 'Sourdough', price: { amount: 49_900, currency: 'INR' } })
    const context = await here.browser.newContext()
    const { page, faults } = await openPage(context)
    await signUp(page, 'asha@example.net')

    await page.getByPlaceholder('Search').fill('sourdugh')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('link', { name: 'Sourdough' }).click()
    await page.getByRole('button', { name: /Buy for/ }).click()
    const [shop] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: 'Pay at the simulator' }).click(),
    ])
    await shop.getByRole('button', { name: 'Pay', exact: true }).click()
    // The page itself is told.
    await page.getByRole('link', { name: 'Kneading' }).click()
    await page.getByRole('heading', { name: 'Kneading' }).first().waitFor()
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByText('100%').waitFor()
    await page.getByRole('button', { name: 'Certificate' }).click()
    const saved = page.getByRole('link', { name: /^Save / })
    await saved.waitFor()
    const download = page.waitForEvent('download')
    await saved.click()
    expect((await download).suggestedFilename()).toBe('certificate.pdf')

    await page.getByRole('link', { name: 'Ask Ines' }).click()
    await page.getByPlaceholder('Message').fill('How warm is warm water?')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('.mine').waitFor()
    const { body } = await teacher.get('/api/chat/conversations')
    expect(body.items[0].lastMessage.text).toBe('How warm is warm water?')
    const reply = { text: 'As warm as a hand.', clientId: crypto.randomUUID() }
    await teacher.post(`/api/chat/messages/${body.items[0].user.id}`, reply)
    await page.getByText('As warm as a hand.').waitFor()
    expect(unexpected(faults)).toEqual([])
    await context.close()
  })

  it('in two tabs is signed in once, renews once, and signs out of both', { timeout: 120_000 }, async () => {
    const context = await here.browser.newContext()
    const renewals: string[] = []
    context.on(
      'request',
      (request) => request.url().endsWith('/auth/refresh') && renewals.push(request.url()),
    )
    const { page: first } = await openPage(context)
    await signUp(first, 'mei@example.net')
    renewals.length = 0

    const { page: second } = await openPage(context)
    await second.getByRole('button', { name: 'Sign out' }).waitFor()
    // The first tab has handed on what it had.
    expect(renewals).toHaveLength(0)

    const old = await evaluate(first, 'school.client.session.token()')
    const { promise: bothAsked, resolve: release } = Promise.withResolvers<void>()
    await context.route('**/api/auth/refresh', async (route) => {
      await bothAsked
      await route.continue()
    })
    const pages = [first, second]
    for (const page of pages)
      await evaluate(page, 'void (globalThis.renewal = school.client.session.renew())')
    release()
    const tokens = await Promise.all(pages.map((page) => evaluate(page, 'renewal')))
    expect(new Set(tokens).size).toBe(1)
    expect(tokens[0]).not.toBe(old)
    expect(renewals).toHaveLength(1)

    await first.getByRole('button', { name: 'Sign out' }).click()
    await second.getByRole('button', { name: 'Register' }).waitFor()
    await context.close()
  })

  it('runs nothing that is not of its own origin', async () => {
    const { headers } = await here.server.client.get('/example')
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self' 'sha256-/)
    for (const path of [
      '../package.json',
      'client/src/../../package.json',
      'client/package.json',
      'src/main.ts',
      'examples/none.ts',
    ])
      expect((await here.server.client.get(`/example/${path}`)).status, path).toBeGreaterThanOrEqual(400)
  })
})
