import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeChatters } from '../../../test/support/chatters.ts'
import { upload } from '../../../test/support/media.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { newId } from '../../platform/ids.ts'
import { files } from '../media/factory.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

describe('a person who leaves', () => {
  it('takes along what they said; numbers and the other side stay, and their archive had it', async () => {
    const [asha, ben] = await makeChatters(world)
    const { body: media } = await upload(asha, files.text())
    await asha.say(ben, 'My secret', 'my-device-1')
    await ben.say(asha, 'Mine')
    await asha.post(`/api/chat/messages/${ben.id}`, { mediaId: media.id, clientId: newId() })
    const archive = (await asha.get('/api/users/me/export')).body.chat.messages
    expect(archive).toMatchObject([{ to: ben.id, text: 'My secret' }, { mediaId: media.id }])
    await asha.delete('/api/users/me', { password: asha.person.password })
    await world.drain()
    const { items } = (await ben.history(asha)).body
    expect(items).toMatchObject([{ erased: true }, { text: 'Mine' }, { erased: true, sequence: 1 }])
    expect(JSON.stringify(items)).not.toMatch(/secret|my-device/)
    expect(items[0]).not.toHaveProperty('media')
    expect((await ben.get('/api/chat/conversations')).body.items).toMatchObject([
      { user: { name: 'Deleted user' }, unread: 2, canWrite: false },
    ])
    expect((await ben.say(asha, 'Hello?')).status).toBe(404)
  })
  it('takes it along also where a client id is the id of another message', async () => {
    const [asha, ben] = await makeChatters(world)
    const { body: first } = await asha.say(ben, 'My secret')
    expect((await asha.say(ben, 'Another', first.id)).status).toBe(201)
    await asha.delete('/api/users/me', { password: asha.person.password })
    await world.drain()
    expect((await ben.history(asha)).body.items).toMatchObject([{ erased: true }, { erased: true }])
  })
})
