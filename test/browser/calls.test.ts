import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import { makeFriends } from '../../src/modules/friends/factory.ts'
import type { Config } from '../../src/platform/config.ts'
import { noBrowser, openBrowser } from '../support/browser.ts'
import { noCoturn, startCoturn } from '../support/coturn.ts'
import { createWorld, type World } from '../support/world.ts'
import { type PageServer, servePhone } from './page-server.ts'

/** What phone.js tells of a call. */
interface PhoneState {
  readonly callId: string
  readonly connection: string
  /** Another one after each ICE restart. */
  readonly fragment: string
  readonly width: number
  readonly frames: number
  readonly audioBytes: number
  readonly audioEnergy: number
  readonly way: readonly [string | null, string | null]
}

const switches = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-audio-output',
]
const patience = { timeout: 40_000, interval: 200 }
const slow = 120_000

const here: { browser: Browser; front: PageServer } = {} as never
beforeAll(async () => {
  if (noBrowser) return
  here.browser = await openBrowser(switches)
  here.front = await servePhone()
})
afterAll(async () => {
  await here.browser?.close()
  await here.front?.close()
})

/** A school with two friends, each at a phone in a browser. */
async function openLine(config: Partial<Config>, { relayOnly }: { relayOnly: boolean }) {
  const world = await createWorld({ config: { corsOrigins: [here.front.origin], ...config } })
  const [asha, ben] = await Promise.all([makePerson(world.deps), makePerson(world.deps)])
  await makeFriends(world.deps, asha, ben)
  const [hers, his] = await Promise.all([asha, ben].map((who) => openPhone(world, who, { relayOnly })))
  if (!hers || !his) throw new Error('no phones')
  return {
    asha,
    ben,
    hers,
    his,
    close: () => Promise.all([hers.context().close(), his.context().close(), world.close()]),
  }
}

async function openPhone(
  world: World,
  { accessToken: token }: Person,
  { relayOnly }: { relayOnly: boolean },
) {
  const context = await here.browser.newContext()
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  await page.goto(`${here.front.origin}/phone.html`)
  const options = JSON.stringify({ server: world.url, token, relayOnly })
  await page.evaluate(`openPhone(${options})`).catch((error) => {
    throw new Error(`${error}\n${faults.join('\n')}`)
  })
  return page
}

const stateOf = (phone: Page) => phone.evaluate('phone.state()') as Promise<PhoneState | null>
const call = (phone: Page, to: string, media: string) =>
  phone.evaluate(`phone.call('${to}', '${media}')`) as Promise<{ callId: string }>

/** Resolves when what a phone gets of the other fulfills something. */
async function until(phone: Page, fulfilled: (state: PhoneState) => boolean): Promise<PhoneState> {
  return vi.waitFor(async () => {
    const state = await stateOf(phone)
    if (!state || !fulfilled(state)) throw new Error(`not yet: ${JSON.stringify(state)}`)
    return state
  }, patience)
}

const hears =
  (before = { audioBytes: 0, audioEnergy: 0 }) =>
  (state: PhoneState) =>
    state.connection === 'connected' &&
    state.audioBytes > before.audioBytes &&
    state.audioEnergy > before.audioEnergy
const sees =
  (before = { frames: 0 }) =>
  (state: PhoneState) =>
    state.width > 0 && state.frames > before.frames

/** Both hear each other, and then more of each other. */
async function expectSound(phones: readonly Page[]) {
  for (const phone of phones) await until(phone, hears(await until(phone, hears())))
}

async function expectPictures(phones: readonly Page[]) {
  for (const phone of phones) await until(phone, sees(await until(phone, sees())))
}

async function hangUp(by: Page, other: Page) {
  await by.evaluate('phone.hangUp()')
  await vi.waitFor(async () => expect(await stateOf(other)).toBeNull(), patience)
}

describe.skipIf(noBrowser)(`two people at browsers${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  it(
    'hear each other in an audio call, see each other in a video call, and go on when both change their network at once',
    async () => {
      const { asha, ben, hers, his, close } = await openLine({}, { relayOnly: false })
      const { callId } = await call(hers, ben.id, 'audio')
      await expectSound([hers, his])
      expect(await stateOf(hers)).toMatchObject({ callId, frames: 0 })
      await hangUp(hers, his)

      await call(his, asha.id, 'video')
      await expectPictures([hers, his])
      await expectSound([hers, his])
      const before = await Promise.all([hers, his].map((phone) => until(phone, () => true)))
      // Both offer at the same moment: one gives way.
      await Promise.all([hers, his].map((phone) => phone.evaluate('phone.restart()')))
      for (const [index, phone] of [hers, his].entries())
        await until(phone, ({ fragment }) => fragment !== before[index]?.fragment)
      await expectPictures([hers, his])

      // Nobody is heard or seen who has signed out.
      expect(await hers.evaluate('phone.signOut()')).toEqual(['ended', 'ended'])
      expect(await stateOf(hers)).toBeNull()
      await close()
    },
    slow,
  )
})

const noRelay = noBrowser || noCoturn
describe.skipIf(noRelay)(`two people behind firewalls${noRelay ? ` (${noRelay})` : ''}`, () => {
  it(
    'see and hear each other through coturn, which believes the credentials of /calls/ice-servers',
    async () => {
      const secret = 'what coturn and Lectern share'
      const coturn = await startCoturn(secret)
      const ice = { stunUrls: [], turn: { urls: [coturn.url], secret } }
      const { asha, ben, hers, his, close } = await openLine({ ice }, { relayOnly: true })
      await call(hers, ben.id, 'video')
      await expectPictures([hers, his])
      await expectSound([hers, his])
      for (const phone of [hers, his]) expect(await stateOf(phone)).toMatchObject({ way: ['relay', 'relay'] })
      for (const { id } of [asha, ben]) expect(coturn.output()).toContain(id)
      await hangUp(his, hers)
      await close()
      await coturn.stop()
    },
    slow,
  )
  it(
    'reach nobody where the secret is not that of coturn',
    async () => {
      const coturn = await startCoturn('one')
      const ice = { stunUrls: [], turn: { urls: [coturn.url], secret: 'another' } }
      const { ben, hers, close } = await openLine({ ice }, { relayOnly: true })
      await call(hers, ben.id, 'audio')
      await vi.waitFor(() => expect(coturn.output()).toMatch(/401|Unauthorized/), patience)
      expect(await stateOf(hers)).toMatchObject({ audioBytes: 0, way: [null, null] })
      await close()
      await coturn.stop()
    },
    slow,
  )
})
