import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/support/world.ts'
import { makePerson, tokenIn } from './factory.ts'
import { offerAdminClaim } from './offer-admin-claim.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

describe.each(['/reset-password', '/verify-email', '/claim'])('GET %s', (path) => {
  it('200: a page that tells nobody its address and runs nothing but its own script', async () => {
    const { status, body, headers } = await world.client.get(
      `${path}?token=%22%3E%3Cscript%3Ealert(1)%3C/script%3E`,
    )
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).not.toContain('alert(1)')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    for (const tag of ['script', 'style']) {
      const text = new RegExp(`<${tag}[^>]*>([^]*?)</${tag}>`).exec(body)?.[1] ?? ''
      const digest = createHash('sha256').update(text).digest('base64')
      expect(policy).toContain(`${tag}-src 'sha256-${digest}'`)
    }
    const labels = [...body.matchAll(/<label for="(\w+)">/g)].map(([, name]) => name)
    const inputs = [...body.matchAll(/<input id="(\w+)"/g)].map(([, name]) => name)
    expect(labels).toEqual(inputs)
  })
})

const program = '/usr/bin/chromium'
const missing = existsSync(program) ? '' : ' (skipped: chromium is not installed; apt-get install chromium)'

describe.skipIf(missing)(`in a browser${missing}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())

  async function open(path: string) {
    const page = await browser.newPage()
    const faults: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
    page.on('pageerror', (error) => faults.push(error.message))
    await page.goto(new URL(path, world.url).href)
    return {
      page,
      faults,
      told: (text: RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor(),
    }
  }

  it('sets a password by the link of the mail', async () => {
    const person = await makePerson(world.deps)
    await world.client.post('/api/auth/password/forgot', { email: person.email })
    await world.drain()
    const token = tokenIn(world.mails.find(({ to }) => to === person.email))
    const { page, told, faults } = await open(`/reset-password?token=${token}`)
    await page.getByLabel('Password').fill('é'.repeat(40))
    await page.getByRole('button').click()
    await told(/at most 72 bytes/)
    await page.getByLabel('Password').fill('typed in a browser')
    await page.getByRole('button').click()
    await told(/Sign in with the new password/)
    expect(await page.getByLabel('Password').isVisible()).toBe(false)
    const signedIn = await world.client.post('/api/auth/login', {
      email: person.email,
      password: 'typed in a browser',
    })
    expect(signedIn.status).toBe(200)
    // The first answer was a 400, which the browser tells of; nothing was blocked.
    expect(faults.filter((fault) => /policy|refused/i.test(fault))).toEqual([])
    await page.close()
  })
  it('confirms an address, and tells of a link that does not work any more', async () => {
    const email = 'in-a-browser@example.org'
    await world.client.post('/api/auth/register', { email, password: 'a long password', name: 'B' })
    await world.drain()
    const token = tokenIn(world.mails.find(({ to }) => to === email))
    const { page, told } = await open(`/verify-email?token=${token}`)
    await page.getByRole('button').click()
    await told(/is confirmed/)
    await page.reload()
    await page.getByRole('button').click()
    await told(/does not work/)
    await page.close()
  })
  it('makes the first admin', async () => {
    const { transact, clock, config } = world.deps
    const cause = { userId: null, at: clock.now() }
    const token = await transact((tx) => offerAdminClaim(tx, cause, config.accessTokenSecrets))
    const { page, told, faults } = await open(`/claim?token=${token}`)
    await page.getByLabel('Your name').fill('Head')
    await page.getByLabel('E-mail address').fill('head@example.org')
    await page.getByLabel('Password').fill('a long password')
    await page.keyboard.press('Enter')
    await told(/You are the admin/)
    expect(faults).toEqual([])
    await page.close()
    const { body } = await world.client.post('/api/auth/login', {
      email: 'head@example.org',
      password: 'a long password',
    })
    expect(body.user.role).toBe('admin')
  })
})
