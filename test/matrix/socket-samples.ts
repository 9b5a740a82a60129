import { makePerson } from '../../src/modules/accounts/factory.ts'
import { makeFriends } from '../../src/modules/friends/factory.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Device } from '../support/device.ts'
import type { Scene } from './cast.ts'

/** The instructor calls the student, who is their student. */
async function ringing({ world, cast }: Scene) {
  const device = await world.connect(cast.instructor.accessToken)
  const { callId } = await device.ask('call:invite', { to: cast.student.id, media: 'audio' })
  return { callId: callId as string }
}

async function active(scene: Scene) {
  const call = await ringing(scene)
  await (await scene.world.connect(scene.cast.student.accessToken)).ask('call:accept', call)
  return call
}

/**
 * The input of each request over sockets that succeeds for whoever may make it, by its name, as samples.ts has them for routes: a module that
 * adds a request adds its sample here. Cast, scene and device are fresh for each cell; the device is that of whoever is going to ask. What
 * a relation of a policy means stands in promises.ts.
 */
export const socketSamples: Readonly<Record<string, (scene: Scene, device: Device) => unknown>> = {
  'session:renew': (_scene, { socket }) => socket.auth,
  'chat:send': ({ cast }) => ({ to: cast.instructor.id, text: 'Hello', clientId: newId() }),
  'chat:read': async ({ world, cast }) => {
    const student = world.client.as(cast.student.accessToken)
    const said = { text: 'Hello', clientId: newId() }
    const { body } = await student.post(`/api/chat/messages/${cast.instructor.id}`, said)
    return { with: cast.instructor.id, upTo: body.sequence }
  },
  typing: ({ cast }) => ({ to: cast.instructor.id, typing: true }),
  'presence:watch': ({ cast }) => ({ userIds: [cast.instructor.id] }),
  'call:invite': async ({ world, cast }) => {
    const friend = await makePerson(world.deps)
    await makeFriends(world.deps, cast.student, friend)
    return { to: friend.id, media: 'audio' }
  },
  'call:accept': ringing,
  'call:decline': ringing,
  'call:hangup': active,
  'call:resume': active,
  'call:signal': async (scene, device) => {
    const call = await active(scene)
    await device.ask('call:resume', call)
    return { ...call, candidate: null }
  },
}
