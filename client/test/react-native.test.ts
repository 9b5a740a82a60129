import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makePerson } from '../../src/modules/accounts/factory.ts'
import { makeCourse } from '../../src/modules/catalogue/factory.ts'
import { makeFriends } from '../../src/modules/friends/factory.ts'
import { createWorld, type World } from '../../test/support/world.ts'
import type * as Package from '../src/index.ts'
import type * as Realtimes from '../src/realtime.ts'
import { keeping } from './signed-in.ts'

const world: World = {} as never
beforeAll(async () => void Object.assign(world, await createWorld()))
afterAll(() => world.close())

/** As React Native has it: what else the standard knows is there, and throws. */
class PhoneSearchParams extends URLSearchParams {
  override get(): never {
    throw new Error('URLSearchParams.get is not implemented')
  }
  override set(): never {
    throw new Error('URLSearchParams.set is not implemented')
  }
  override sort(): never {
    throw new Error('URLSearchParams.sort is not implemented')
  }
}

/**
 * The package in a world of its own that has the globals of React Native (https://reactnative.dev/docs/javascript-environment) and no
 * others: no `crypto`, `document`, `location`, `localStorage`, `BroadcastChannel`, Web Locks, `structuredClone`, text coders, nor what
 * its engine lacks of newer JavaScript.
 */
async function loadOnPhone(): Promise<typeof Package & typeof Realtimes> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from './index.ts'; export * from './realtime.ts'`,
      resolveDir: join(import.meta.dirname, '../src'),
      loader: 'ts',
    },
    bundle: true,
    format: 'iife',
    globalName: 'lectern',
    target: 'es2020',
    mainFields: ['react-native', 'browser', 'module', 'main'],
    conditions: ['react-native', 'browser'],
    write: false,
  })
  const { fetch, Headers, Request, Response, FormData, Blob, AbortController, WebSocket } = globalThis
  const { setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask, performance } = globalThis
  const { any: _any, timeout: _timeout, ...signals } = Object.getOwnPropertyDescriptors(AbortSignal)
  const phone = {
    ...{ fetch, Headers, Request, Response, FormData, Blob, AbortController, WebSocket },
    ...{ setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask, performance },
    AbortSignal: Object.defineProperties({}, { abort: signals.abort ?? {} }),
    URLSearchParams: PhoneSearchParams,
    navigator: { product: 'ReactNative' },
  }
  const context = createContext(phone)
  runInContext(
    `globalThis.self = globalThis.window = globalThis.global = globalThis
     delete Promise.withResolvers; delete Promise.try; delete Array.fromAsync; delete Object.groupBy; delete globalThis.SharedArrayBuffer
     for (const name of ['toSorted', 'toReversed', 'toSpliced', 'with', 'findLast']) delete Array.prototype[name]`,
    context,
  )
  return runInContext(`${outputFiles[0]?.text}; lectern`, context)
}

it('in React Native: signs in, enrolls once by the same key, renews its token by the keychain, and hears a message', async () => {
  const { createClient, openRealtime, newKey } = await loadOnPhone()
  const [asha, ben] = [await makePerson(world.deps), await makePerson(world.deps)]
  await makeFriends(world.deps, asha, ben)
  const { id: courseId } = await makeCourse(world.deps)
  const storage = keeping(null)
  const client = createClient({ baseUrl: world.url, mode: 'native', storage })
  await client.auth.login({ email: asha.email, password: asha.password })
  const before = storage.kept
  expect(before).toEqual(expect.any(String))
  const idempotencyKey = newKey()
  const enroll = () => client.enrollments.create({ courseId }, { idempotencyKey })
  expect((await enroll()).id).toBe((await enroll()).id)
  const seen: string[] = []
  for await (const enrollment of client.enrollments.iterateMine({ limit: 1 })) seen.push(enrollment.courseId)
  expect(seen).toEqual([courseId])
  await expect(client.courses.get('no-such-course')).rejects.toMatchObject({ status: 404, code: 'not_found' })

  // The phone was off; the token in its keychain is good once.
  const again = createClient({ baseUrl: world.url, mode: 'native', storage })
  await again.session.restore()
  expect((await again.users.getMe()).id).toBe(asha.id)
  expect(storage.kept).not.toBe(before)

  const realtime = openRealtime(again)
  const texts: (string | undefined)[] = []
  realtime.on('chat:message', ({ text }) => texts.push(text))
  await expect.poll(() => realtime.status, { timeout: 10_000 }).toBe('current')
  await world.client
    .as(ben.accessToken)
    .post(`/api/chat/messages/${asha.id}`, { text: 'Hello', clientId: newKey() })
  await expect.poll(() => texts).toEqual(['Hello'])
  realtime.close()
})
