import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ScriptedGateway, scriptGateway } from '../../../test/proof/scripted-gateway.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import { refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from '../catalogue/factory.ts'
import { gatewayFailed } from './errors.ts'
import { setGateways } from './gateways.ts'
import { takeEvent } from './take-event.ts'

let world: World
let gateway: ScriptedGateway
let courseId: string
/** Whether the gateway's answers are lost. */
let away = false
const price = { amount: 49_900, currency: 'INR' }
beforeAll(async () => {
  world = await createWorld()
  gateway = scriptGateway('stripe', () => {
    if (away) throw refuse(gatewayFailed)
  })
  setGateways(world.deps, [gateway])
  courseId = (await makeCourse(world.deps, { price })).id
})
afterAll(() => world.close())

function begin(by: Person, key?: string) {
  const headers = key === undefined ? {} : { 'idempotency-key': key }
  return world.client.as(by.accessToken).post('/api/payments/create', { courseId }, { headers })
}
async function beginWhileAway(by: Person, key: string) {
  away = true
  const answer = await begin(by, key)
  away = false
  expect(answer).toMatchObject({ status: 502, body: { code: 'gateway_failed' } })
}
async function pay(paymentId: string): Promise<void> {
  const cause = { userId: null, at: world.clock.now() }
  for (const event of gateway.capture(paymentId, price))
    await world.deps.transact((tx) => takeEvent(tx, cause, { gateway: 'stripe', event }))
  await world.drain()
}

describe('POST /payments/create with an Idempotency-Key, repeated', () => {
  it('201: opens the checkout that the first request did not get', async () => {
    const [by, key] = [await makePerson(world.deps), newId()]
    await beginWhileAway(by, key)
    const again = await begin(by, key)
    expect(again).toMatchObject({ status: 201, body: { payment: { status: 'pending' }, checkout: {} } })
    expect((await begin(by, key)).body).toEqual(again.body)
  })
  it('409 payment_over: another payment has superseded it before it had a checkout, and none is opened', async () => {
    const [by, key] = [await makePerson(world.deps), newId()]
    await beginWhileAway(by, key)
    gateway.opened.clear()
    const other = await begin(by)
    expect(await begin(by, key)).toMatchObject({ status: 409, body: { code: 'payment_over' } })
    expect([...gateway.opened.keys()]).toEqual([other.body.payment.id])
  })
  it('201 without a checkout: superseded, or paid meanwhile', async () => {
    const [by, key] = [await makePerson(world.deps), newId()]
    const first = (await begin(by, key)).body.payment
    const { payment } = (await begin(by)).body
    const superseded = await begin(by, key)
    expect(superseded).toMatchObject({ status: 201, body: { payment: { id: first.id, status: 'failed' } } })
    expect(superseded.body).not.toHaveProperty('checkout')
    await pay(payment.id)
    await pay(first.id)
    const paid = await begin(by, key)
    expect(paid).toMatchObject({ status: 201, body: { payment: { id: first.id, status: 'refunded' } } })
    expect(paid.body).not.toHaveProperty('checkout')
  })
})

describe('a checkout that is opened too late', () => {
  it('is closed: the payment was superseded while the gateway was asked', async () => {
    const by = await makePerson(world.deps)
    const { open } = gateway
    const opened: string[] = []
    const slow: ScriptedGateway = {
      ...gateway,
      async open(request) {
        setGateways(world.deps, [gateway])
        await begin(by)
        opened.push(request.paymentId)
        return open(request)
      },
    }
    setGateways(world.deps, [slow])
    const answer = await begin(by)
    expect(answer).toMatchObject({ status: 201, body: { payment: { status: 'failed' } } })
    expect(gateway.opened.has(answer.body.payment.id)).toBe(true)
    await world.drain()
    expect(opened).toEqual([answer.body.payment.id])
    expect(gateway.opened.has(answer.body.payment.id)).toBe(false)
  })
})
