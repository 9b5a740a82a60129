import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { upload } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { buildApp } from '../../app.ts'
import type { App } from '../../platform/http/app.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson } from '../accounts/factory.ts'
import { files } from './factory.ts'
import { partPath } from './part-files.ts'

let world: World
let node: App | undefined
beforeAll(async () => {
  world = await createWorld()
  await mkdir(join(world.deps.config.dataFolder, 'uploads'), { recursive: true })
})
afterEach(async () => {
  vi.useRealTimers()
  await node?.close()
})
afterAll(() => world.close())

const pathOf = (id: string) => partPath(world.deps.config, id)
const leave = (id: string) => writeFile(pathOf(id), 'what came')
/** As when a node comes up again on the same folder. */
async function startNode(): Promise<void> {
  node = await buildApp(world.deps)
  await node.ready()
}

it('at the start of a node the parts go that no upload under way has, and nothing else', async () => {
  const person = await makePerson(world.deps)
  const me = world.client.as(person.accessToken)
  const tus = { 'tus-resumable': '1.0.0' }
  const begun = await me.post('/api/media/uploads', undefined, { headers: { ...tus, 'upload-length': '20' } })
  const underWay = begun.body.id
  const whole = (await upload(me, files.text())).body.id
  const ended = newId()
  for (const id of [underWay, whole, ended, 'notes.txt']) await leave(id)
  await startNode()
  expect([underWay, whole, ended, 'notes.txt'].map((id) => existsSync(pathOf(id)))).toEqual([
    true,
    false,
    false,
    true,
  ])
  const headers = { ...tus, authorization: `Bearer ${person.accessToken}` }
  const address = new URL(`/api/media/uploads/${underWay}`, world.url)
  const { headers: said } = await fetch(address, { method: 'HEAD', headers })
  expect(said.get('upload-offset')).toBe('9')
})

it('and every hour, for as long as it runs', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  await startNode()
  for (let hour = 0; hour < 2; hour++) {
    const id = newId()
    await leave(id)
    vi.advanceTimersByTime(59 * 60_000)
    expect(existsSync(pathOf(id))).toBe(true)
    vi.advanceTimersByTime(60_000)
    await vi.waitUntil(() => !existsSync(pathOf(id)))
  }
  const sweeping = vi.getTimerCount()
  await node?.close()
  expect(vi.getTimerCount()).toBeLessThan(sweeping)
})
