import { makePerson } from '../../src/modules/accounts/factory.ts'
import { makeFriends } from '../../src/modules/friends/factory.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Sample, Scene } from './cast.ts'

const stranger = async ({ world }: Scene) => ({ userId: (await makePerson(world.deps)).id })

/** A friend of the student's. */
async function friend({ world, cast }: Scene) {
  const person = await makePerson(world.deps)
  await makeFriends(world.deps, cast.student, person)
  return { userId: person.id }
}

/** An open request to the student, or by them. */
async function friendRequest({ world, cast }: Scene, direction: 'incoming' | 'outgoing') {
  const other = await makePerson(world.deps)
  const [from, to] = direction === 'incoming' ? [other, cast.student] : [cast.student, other]
  const { body } = await world.client.as(from.accessToken).post('/api/friends/request', { userId: to.id })
  return { id: body.id as string }
}

async function blocked(scene: Scene) {
  const { userId } = await stranger(scene)
  await scene.world.client.as(scene.cast.student.accessToken).post(`/api/blocks/${userId}`)
  return { userId }
}

/** The student's teacher, to whom they have said something. */
async function teacher({ world, cast }: Scene) {
  const { id: userId } = cast.instructor
  const said = { text: 'Hello', clientId: newId() }
  await world.client.as(cast.student.accessToken).post(`/api/chat/messages/${userId}`, said)
  return { userId }
}

/** Of friends, chat, presence, calls and notifications. */
export const peopleSamples: Readonly<Record<string, (scene: Scene) => Sample | Promise<Sample>>> = {
  'POST /api/friends/request': async (scene) => ({ body: await stranger(scene) }),
  'POST /api/friends/requests/:id/accept': async (scene) => ({
    params: await friendRequest(scene, 'incoming'),
  }),
  'POST /api/friends/requests/:id/decline': async (scene) => ({
    params: await friendRequest(scene, 'incoming'),
  }),
  'DELETE /api/friends/requests/:id': async (scene) => ({ params: await friendRequest(scene, 'outgoing') }),
  'DELETE /api/friends/:userId': async (scene) => ({ params: await friend(scene) }),
  'POST /api/blocks/:userId': async (scene) => ({ params: await stranger(scene) }),
  'DELETE /api/blocks/:userId': async (scene) => ({ params: await blocked(scene) }),
  'GET /api/chat/history/:userId': async (scene) => ({ params: await teacher(scene) }),
  'POST /api/chat/messages/:userId': ({ cast }) => ({
    params: { userId: cast.instructor.id },
    body: { text: 'Hello', clientId: newId() },
  }),
  'POST /api/chat/read/:userId': async (scene) => ({ params: await teacher(scene) }),
}
