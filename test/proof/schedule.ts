import { AsyncLocalStorage } from 'node:async_hooks'
import { eraseUser } from '../../src/modules/accounts/erase-user.ts'
import { cancelEnrollment } from '../../src/modules/enrollments/cancel-enrollment.ts'
import { grantEnrollment } from '../../src/modules/enrollments/grant-enrollment.ts'
import { importLines } from '../../src/modules/enrollments/import-lines.ts'
import { completeEnrollment, findLiveEnrollment } from '../../src/modules/enrollments/index.ts'
import { takeBackGrant } from '../../src/modules/enrollments/take-back-grant.ts'
import { askAndSettle } from '../../src/modules/payments/ask-and-settle.ts'
import type { GatewayEvent, GatewayName } from '../../src/modules/payments/gateway.ts'
import { setGateways } from '../../src/modules/payments/gateways.ts'
import { readyCheckout } from '../../src/modules/payments/open-checkout.ts'
import { findPayment } from '../../src/modules/payments/queries.ts'
import { recordPayment } from '../../src/modules/payments/record-payment.ts'
import { requestRefund } from '../../src/modules/payments/request-refund.ts'
import { takeEvent } from '../../src/modules/payments/take-event.ts'
import type { Actor, Role } from '../../src/platform/actor.ts'
import type { Transact } from '../../src/platform/database/database.ts'
import type { Deps } from '../../src/platform/deps.ts'
import { Refusal } from '../../src/platform/http/refusal.ts'
import type { JobHandler } from '../../src/platform/jobs/jobs.ts'
import type { Money } from '../../src/platform/money.ts'
import { type Random, randomOf } from './random.ts'
import { type ScriptedGateway, scriptGateway } from './scripted-gateway.ts'

const stepsInAll = 10

/** The process dies here: nothing that would come after happens. */
export class Crash extends Error {}

export interface QueuedJob {
  readonly id: string
  readonly name: string
  readonly payload: unknown
}

interface Message {
  readonly gateway: GatewayName
  readonly event: GatewayEvent
}

/** One person, one course, two gateways, and what chance does to them. All of it follows from the seed. */
export interface Schedule {
  readonly seed: number
  readonly userId: string
  readonly gateways: readonly ScriptedGateway[]
  /** What was done, to read where the proof fails. */
  readonly story: string[]
  /** Ids of the events that arrived, at least once. */
  readonly arrived: Set<string>
  readonly queue: QueuedJob[]
  readonly finished: string[]
  /** One thing happens, from the first tick on or not before the fifth: between them lies a day. */
  step(tick: number): Promise<void>
  /** From here on nothing breaks any more; of what is under way some is lost for good. */
  calm(): void
  /** What is still under way arrives. */
  deliverAll(): Promise<void>
  /** Runs what is queued once; what fails stays. */
  work(): Promise<void>
}

export function scheduleOf(options: {
  seed: number
  deps: Deps
  handlers: ReadonlyMap<string, JobHandler>
  student: string
  email: string
  admin: string
  course: { id: string; price: Money }
  coupons: { half: string; free: string }
}): Schedule {
  const { seed, handlers, student, course } = options
  const trunk = randomOf(seed)
  const branch = new AsyncLocalStorage<Random>()
  /** The stream of what runs now. */
  const random = () => branch.getStore() ?? trunk
  const begin = trunk.happens(0.6) ? 5 : 0
  let calm = false
  const trouble = (probability: number) => {
    if (!calm && random().happens(probability)) throw new Crash('crash')
  }
  const refuses = () => random().happens(0.03)
  const passes = () => !calm && random().happens(0.05)
  const gateways = [
    scriptGateway('stripe', () => trouble(0.06), refuses, passes),
    scriptGateway('razorpay', () => trouble(0.06), refuses, passes),
  ]
  const deps: Deps = { ...options.deps, transact: crashing(options.deps.transact, trouble) }
  setGateways(deps, gateways)
  const story: string[] = []
  const arrived = new Set<string>()
  const queue: QueuedJob[] = []
  const finished: string[] = []
  const underWay: Message[] = []
  const recorded: string[] = []
  const at = () => deps.clock.now()
  const actorOf = (userId: string, role: Role): Actor => ({ userId, role, sessionId: null, at: at() })
  const me = () => actorOf(student, 'student')
  const anAdmin = () => actorOf(options.admin, 'admin')

  async function create(): Promise<void> {
    const gateway = random().pick(gateways)
    if (!gateway) return
    const { half, free } = options.coupons
    const coupon = random().happens(0.06) ? free : random().happens(0.25) ? half : undefined
    story.push(`create ${gateway.name} ${coupon ?? ''}`)
    const wish = { courseId: course.id, gateway, ...(coupon === undefined ? {} : { coupon }) }
    const { payment } = await deps.transact((tx) => recordPayment(tx, me(), wish))
    recorded.push(payment.id)
    await readyCheckout(deps, payment.id, { fresh: true })
  }

  /** The same request once more, under its Idempotency-Key. */
  async function repeat(): Promise<void> {
    const paymentId = random().pick(recorded)
    if (paymentId === undefined) return
    story.push(`repeat ${short(paymentId)}`)
    await readyCheckout(deps, paymentId, { fresh: false })
  }

  /** The browser comes back from the gateway's checkout, and asks for the access at once. */
  async function verify(): Promise<void> {
    const paid = gateways.flatMap(({ captures }) => captures)
    const paymentId = random().pick(paid)?.paymentId
    const payment = paymentId === undefined ? undefined : await findPayment(deps.db, paymentId)
    if (!payment) return
    story.push(`verify ${short(payment.id)}`)
    await askAndSettle(deps, payment)
  }

  /** At the gateway: somebody pays what they were asked for, or once in a while something else. */
  function pay(): void {
    const gateway = random().pick(gateways.filter(({ opened }) => opened.size > 0))
    const [paymentId, asked] = random().pick([...(gateway?.opened ?? [])]) ?? []
    if (!gateway || !paymentId || !asked) return
    const amount = wrongly(random(), asked)
    story.push(`pay ${short(paymentId)} ${amount.amount} ${amount.currency}`)
    send(gateway.name, gateway.capture(paymentId, amount))
  }

  function decline(): void {
    const gateway = random().pick(gateways.filter(({ opened }) => opened.size > 0))
    const [paymentId] = random().pick([...(gateway?.opened ?? [])]) ?? []
    if (!gateway || !paymentId) return
    story.push(`decline ${short(paymentId)}`)
    send(gateway.name, [gateway.decline(paymentId)])
  }

  function refundAtGateway(): void {
    const gateway = random().pick(gateways)
    const capture = random().pick(gateway?.captures.filter((one) => one.refunded < one.amount.amount) ?? [])
    if (!gateway || !capture) return
    const rest = capture.amount.amount - capture.refunded
    const amount = random().happens(0.5) ? rest : random().between(1, rest)
    story.push(`refund at the gateway ${short(capture.paymentId)} ${amount} of ${rest}`)
    send(gateway.name, [gateway.refundHere(capture, amount)])
  }

  async function refund(): Promise<void> {
    const captured = gateways.flatMap(({ captures }) => captures)
    const capture = random().pick(captured)
    if (!capture) return
    const partly = random().happens(0.4)
    const amount = { ...capture.amount, amount: random().between(1, capture.amount.amount) }
    story.push(`refund ${short(capture.paymentId)} ${partly ? amount.amount : 'all'}`)
    const wish = { paymentId: capture.paymentId, gateways, ...(partly ? { amount } : {}) }
    await deps.transact((tx) => requestRefund(tx, anAdmin(), wish))
  }

  async function cancel(by: Actor): Promise<void> {
    const live = await findLiveEnrollment(deps.db, { userId: student, courseId: course.id })
    if (!live) return
    story.push(`cancel ${live.status} by ${by.role}`)
    await deps.transact((tx) => cancelEnrollment(tx, by, live.id))
  }

  async function complete(): Promise<void> {
    const live = await findLiveEnrollment(deps.db, { userId: student, courseId: course.id })
    if (live?.status !== 'active') return
    story.push('complete')
    await deps.transact((tx) => completeEnrollment(tx, me(), { enrollmentId: live.id, reason: 'completed' }))
  }

  async function grant(): Promise<void> {
    story.push('grant')
    const wish = { userId: student, courseId: course.id }
    await deps.transact((tx) => grantEnrollment(tx, anAdmin(), wish))
  }

  async function importThem(): Promise<void> {
    story.push('import')
    const lines = [{ line: 2, email: options.email, fault: null }]
    await deps.transact((tx) => importLines(tx, anAdmin(), { courseId: course.id, lines }))
  }

  async function takeBack(): Promise<void> {
    const live = await findLiveEnrollment(deps.db, { userId: student, courseId: course.id })
    if (!live) return
    story.push('take back what was granted')
    await deps.transact((tx) => takeBackGrant(tx, anAdmin(), live.id))
  }

  async function erase(): Promise<void> {
    story.push('delete the account')
    await deps.transact((tx) => eraseUser(tx, me(), { userId: student }))
  }

  /** Side by side, each with chances of its own, drawn before the first begins. */
  async function beside(works: readonly (() => Promise<void>)[]): Promise<void> {
    const forks = works.map((work) => [random().fork(), work] as const)
    await settled(forks.map(([fork, work]) => branch.run(fork, work)))
  }

  function send(gateway: GatewayName, events: readonly GatewayEvent[]): void {
    for (const event of events) underWay.push({ gateway, event })
  }

  /** Out of order, once or twice, at the same moment or later again; some never. */
  async function deliver(): Promise<void> {
    const message = random().pick(underWay)
    if (!message) return
    if (random().happens(0.2)) return lose(message)
    const again = random().happens(0.15)
    const times = random().happens(0.2) ? 2 : 1
    story.push(`deliver ${message.event.kind} x${times}${again ? ' and again' : ''}`)
    await beside(Array.from({ length: times }, () => () => arrive(message)))
    if (!again) underWay.splice(underWay.indexOf(message), 1)
  }

  function lose(message: Message): void {
    story.push(`lose ${message.event.kind}`)
    underWay.splice(underWay.indexOf(message), 1)
  }

  async function arrive(message: Message): Promise<void> {
    await deps.transact((tx) => takeEvent(tx, { userId: null, at: at() }, message))
    arrived.add(`${message.gateway} ${message.event.id}`)
  }

  async function run(job: QueuedJob): Promise<void> {
    const handler = handlers.get(job.name)
    if (!handler) throw new Error(`nobody works on ${job.name}`)
    await handler.run(deps, job.payload)
    queue.splice(queue.indexOf(job), 1)
    finished.push(job.id)
  }

  async function workOnOne(): Promise<void> {
    const job = random().pick(queue)
    if (!job) return
    story.push(`work ${job.name}`)
    const both = random().happens(0.2) ? queue.filter((other) => other !== job).slice(0, 1) : []
    await beside([job, ...both].map((one) => () => run(one)))
  }

  const twoTabs = () => beside([create, create])
  const actions: readonly Action[] = [
    [5, create],
    [1, twoTabs],
    [7, pay],
    [2, decline],
    [8, deliver],
    [9, workOnOne],
    [2, refund],
    [1.5, refundAtGateway],
    [1.2, () => cancel(me())],
    [0.6, () => cancel(anAdmin())],
    [1.5, complete],
    [0.4, grant],
    [0.3, importThem],
    [0.4, takeBack],
    [1.5, verify],
    [0.8, repeat],
    [0.3, erase],
    [0.2, () => beside([erase, workOnOne])],
    [0.1, () => beside([create, erase])],
  ]
  let steps = 0

  const schedule: Schedule = {
    seed,
    userId: student,
    gateways,
    story,
    arrived,
    queue,
    finished,
    async step(tick) {
      if (tick <= begin || steps === stepsInAll) return
      const act = steps++ === 0 ? create : choose(random(), actions)
      await survive(async () => act(), story)
    },
    calm() {
      calm = true
      for (const message of [...underWay]) {
        if (random().happens(0.3)) lose(message)
      }
    },
    async deliverAll() {
      for (const message of underWay.splice(0)) await arrive(message)
    },
    async work() {
      for (const job of [...queue]) await survive(() => run(job), story)
    },
  }
  return schedule
}

type Action = readonly [weight: number, act: () => void | Promise<void>]

function choose(random: Random, actions: readonly Action[]): Action[1] {
  let left = random.next() * actions.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, act] of actions) {
    left -= weight
    if (left < 0) return act
  }
  throw new Error('the weights do not add up')
}

/** Dies before, within, or right after a transaction. */
function crashing(transact: Transact, trouble: (probability: number) => void): Transact {
  return async (work) => {
    trouble(0.02)
    const done = await transact(async (tx) => {
      const result = await work(tx)
      trouble(0.03)
      return result
    })
    trouble(0.04)
    return done
  }
}

async function settled(work: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work)
  const failed = results.filter((result) => result.status === 'rejected')
  const unexpected = failed.find(({ reason }) => !(reason instanceof Crash || reason instanceof Refusal))
  if (unexpected ?? failed[0]) throw (unexpected ?? failed[0])?.reason
}

/** A crash and a refusal are what may happen; anything else is a fault of the program. */
async function survive(work: () => Promise<void>, story: string[]): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Crash || error instanceof Refusal)) throw error
    const told = error instanceof Crash ? '  crash' : `  refused: ${error.kind.code}`
    if (story.at(-1) !== told) story.push(told)
  }
}

function wrongly(random: Random, asked: Money): Money {
  if (random.happens(0.06)) return { ...asked, amount: asked.amount - 1 }
  if (random.happens(0.03)) return { ...asked, currency: 'USD' }
  return asked
}

const short = (id: string) => id.slice(-6)
