import { expect, it } from 'vitest'
import { requestPlans } from '../bench/plan.ts'
import { programPlans, schoolFinds } from '../bench/programs.ts'
import { faultsOf } from '../bench/soak.ts'
import { errands } from '../bench/soak-plan.ts'
import { missed } from '../bench/table.ts'

const measured = [
  ...requestPlans.map(({ name }) => name),
  ...schoolFinds,
  ...programPlans.flatMap(({ finds }) => finds),
]

it.each([
  'catalogue page',
  'search',
  'course page, anonymous',
  'course page, signed in',
  'outline with progress',
  'lesson',
  'own enrollments',
  'complete a lesson',
  'enroll free',
  'simulated purchase to access',
  'webhook accepted to access',
  'attempt submit',
  'dashboard, student',
  'dashboard, parent',
  'dashboard, instructor',
  'dashboard, admin',
  'login',
  'outline with progress, in a storm of sign-ins',
  'chat messages',
  'chat: message to delivery',
  'sockets: memory',
  'upload',
  'memory while uploading',
  'memory while exporting CSV',
  'ready after npm start, second run',
  'memory idle',
  'memory under load',
])('the benchmark measures: %s', (name) => {
  expect(measured).toContain(name)
})

it('the benchmark measures nothing twice under one name', () => {
  expect(new Set(measured).size).toBe(measured.length)
})

it('every request is to be as fast in a school ten times as large, and every public page as the floor', () => {
  for (const { aim } of requestPlans) expect(aim.growth).toBe(1.3)
  for (const name of ['catalogue page', 'course page, anonymous'])
    expect(requestPlans.find((plan) => plan.name === name)?.aim.ofFloor).toBe(1)
})

it.each([
  ['nothing', { ofFloor: 0.6, p99: 50, statements: 3.2, growth: 1.3 }, []],
  ['the floor', { ofFloor: 0.59, p99: 50, statements: 3, growth: 1.3 }, ['floor']],
  ['the time', { ofFloor: 0.6, p99: 50.1, statements: 3, growth: 1.3 }, ['p99']],
  ['the statements', { ofFloor: 0.6, p99: 50, statements: 4, growth: 1.3 }, ['statements']],
  ['the growth', { ofFloor: 0.6, p99: 50, statements: 3, growth: 1.31 }, ['growth']],
])('an aim is missed by %s alone', (_what, { ofFloor, p99, statements, growth }, parts) => {
  const aim = { ofFloor: 0.6, p99: 50, statements: 3, growth: 1.3 }
  const times = { perSecond: 1, p50: 1, p99, seconds: 1, times: [] }
  expect(missed({ plan: { aim }, large: times, ofFloor, statements, growth })).toEqual(parts)
})

it('the soak mixes all that people do', () => {
  expect(errands.map(({ name }) => name)).toEqual([
    'browse',
    'sign in',
    'enroll',
    'learn',
    'attempt',
    'chat',
    'upload',
    'purchase by webhook, and refund',
  ])
})

it.each([
  ['nothing, where it settles after the first third', [100, 200, 200, 200, 210, 220], {}, []],
  ['memory that grows', [100, 200, 200, 200, 230, 240], {}, ['memory grew from 200 MiB to 235 MiB']],
  [
    'what was not answered by a success',
    [9, 9, 9],
    { 'chat: 503 overloaded': 2 },
    ['2 times chat: 503 overloaded'],
  ],
])('a soak ends as a failure for %s', (_what, memory, failures, faults) => {
  const samples = memory.map((residentMb) => ({ residentMb }))
  expect(faultsOf(samples, new Map(Object.entries(failures)))).toEqual(faults)
})
