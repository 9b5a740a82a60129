import type { Role } from '../src/platform/actor.ts'
import { newId } from '../src/platform/ids.ts'
import { disguise } from './catalogue.ts'
import { type Ask, load } from './load.ts'
import { findNewcomers, findStudents, type Place } from './people.ts'
import { subjects } from './school.ts'
import { bearerOf, password, type Stand } from './stand.ts'

export interface Aim {
  /** Requests a second, as a share of the floor's, at least. */
  readonly ofFloor?: number
  /** Milliseconds, at most. */
  readonly p99?: number
  /** SQL statements a request, at most. */
  readonly statements?: number
  /** The p50 on the large school, as a multiple of that on the small one, at most. */
  readonly growth: number
}

/** What is measured by requests to a floor and to the servers of both schools, in turns. */
export interface RequestPlan {
  readonly name: string
  readonly concurrency: number
  /** Of the requests that are usual, as many. */
  readonly share: number
  readonly floor: 'read' | 'write'
  readonly aim: Aim
  /** As many requests as there are to be; fewer where the school has no more. Each may be sent once. */
  asks(stand: Stand, count: number): Promise<readonly Ask[]>
  /** What others do meanwhile. */
  beside?(stand: Stand, count: number): readonly Ask[]
}

const usual = { concurrency: 16, share: 1, floor: 'read' as const }
const publicPage: Aim = { ofFloor: 1, growth: 1.3 }
const ownScreen: Aim = { ofFloor: 0.6, statements: 3, growth: 1.3 }
const dashboard: Aim = { p99: 50, growth: 1.3 }
/** The one question of every quiz of the built school. */
const questionId = '01900000-0000-7000-8000-000000000001'

/** What `npm run bench` asks, in its order: what only reads comes first. */
export const requestPlans: readonly RequestPlan[] = [
  { ...usual, name: 'catalogue page', aim: publicPage, asks: async (_, count) => cataloguePages(count) },
  {
    ...usual,
    name: 'catalogue page, 64 connections',
    concurrency: 64,
    aim: publicPage,
    asks: async (_, count) => cataloguePages(count),
  },
  { ...usual, name: 'search', aim: { growth: 1.3 }, asks: async (_, count) => searches(count) },
  {
    ...usual,
    name: 'course page, anonymous',
    aim: publicPage,
    asks: async (stand, count) =>
      (await coursesOf(stand, count)).map((course) => ({ path: `/api/courses/${course}` })),
  },
  studentRead('course page, signed in', ({ course }) => `/api/courses/${course}`),
  studentRead('outline with progress', ({ course }) => `/api/courses/${course}/outline`),
  {
    ...studentRead('outline with progress, 64 connections', ({ course }) => `/api/courses/${course}/outline`),
    concurrency: 64,
  },
  studentRead('lesson', ({ course, lesson }) => `/api/courses/${course}/lessons/${lesson}`),
  studentRead('own enrollments', () => '/api/enrollments/my'),
  dashboardOf('student', ({ school }) => school.studentIds),
  dashboardOf('parent', ({ school }) => school.parentIds),
  dashboardOf('instructor', ({ school }) => school.instructorIds),
  dashboardOf('admin', ({ school }) => [school.adminId]),
  {
    ...usual,
    name: 'login',
    share: 0.04,
    aim: { growth: 1.3 },
    asks: async (stand, count) => signIns(stand, count),
  },
  {
    ...studentRead(
      'outline with progress, in a storm of sign-ins',
      ({ course }) => `/api/courses/${course}/outline`,
    ),
    aim: { p99: 20, growth: 1.3 },
    beside: (stand, count) => signIns(stand, Math.ceil(count / 20)),
  },
  {
    ...usual,
    name: 'complete a lesson',
    floor: 'write',
    aim: { ofFloor: 0.5, growth: 1.3 },
    asks: async (stand, count) =>
      (await findStudents(stand, { count })).map(({ user, lesson }) => ({
        method: 'POST',
        path: '/api/progress/lesson',
        bearer: bearerOf(user, 'student'),
        body: { lessonId: lesson, completed: true },
      })),
  },
  {
    ...usual,
    name: 'enroll free',
    share: 0.5,
    floor: 'write',
    aim: { growth: 1.3 },
    asks: async (stand, count) =>
      (await findNewcomers(stand, { count, free: true })).map(({ user, course }) => ({
        method: 'POST',
        path: '/api/enrollments',
        bearer: bearerOf(user, 'student'),
        body: { courseId: course },
      })),
  },
  {
    ...usual,
    name: 'attempt submit',
    share: 0.5,
    floor: 'write',
    aim: { growth: 1.3 },
    asks: answeredAttempts,
  },
]

/** What the floor is asked beside it. */
export function floorAsks(floor: 'read' | 'write', stand: Stand, count: number): readonly Ask[] {
  if (floor === 'write')
    return Array.from({ length: count }, () => ({ method: 'POST', path: '/write', body: { id: newId() } }))
  return cycle(stand.school.studentIds, count).map((id) => ({ path: `/read/${id}` }))
}

function studentRead(name: string, path: (place: Place) => string): RequestPlan {
  return {
    ...usual,
    name,
    aim: ownScreen,
    asks: async (stand, count) => {
      const places = await findStudents(stand, { count: Math.min(count, 500) })
      const asks = places.map((place) => ({ path: path(place), bearer: bearerOf(place.user, 'student') }))
      return cycle(asks, count)
    },
  }
}

function dashboardOf(role: Role, people: (stand: Stand) => readonly string[]): RequestPlan {
  return {
    ...usual,
    name: `dashboard, ${role}`,
    concurrency: 8,
    share: 0.5,
    aim: dashboard,
    asks: async (stand, count) => {
      const some = people(stand).slice(0, 500)
      const asks = some.map((id) => ({ path: `/api/dashboard/${role}`, bearer: bearerOf(id, role) }))
      return cycle(asks, count)
    },
  }
}

function cataloguePages(count: number): Ask[] {
  const pages = ['newest', 'popular', 'rating', 'price'].map((sort) => ({
    path: `/api/courses?limit=20&sort=${sort}`,
  }))
  return cycle(pages, count)
}

/** In other words each time, so that none is answered from memory. */
function searches(count: number): Ask[] {
  return Array.from({ length: count }, (_, n) => ({
    path: disguise(
      `/api/courses?limit=20&q=${encodeURIComponent(`subject ${subjects[n % subjects.length]}`)}`,
      n,
    ),
  }))
}

async function coursesOf({ client }: Stand, count: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    "select id from courses where status = 'published' order by md5(id::text) limit 200",
  )
  return cycle(
    rows.map(({ id }) => id),
    count,
  )
}

function signIns({ emails }: Stand, count: number): Ask[] {
  const asks = emails.map((email) => ({
    method: 'POST' as const,
    path: '/api/auth/login',
    body: { email, password },
  }))
  return cycle(asks, count)
}

/** Attempts that were begun and answered, and wait to be handed in. */
async function answeredAttempts(stand: Stand, count: number): Promise<Ask[]> {
  const { origin, client } = stand
  const concurrency = 8
  const places = await findStudents(stand, { count, anyOrder: true })
  const begin = places.map(({ user, quiz }) => ({
    method: 'POST' as const,
    path: `/api/quizzes/${quiz}/attempts`,
    bearer: bearerOf(user, 'student'),
  }))
  await load({ origin, asks: begin, count: begin.length, concurrency })
  const { rows } = await client.query<{ id: string; user_id: string }>(
    "select id, user_id from attempts where status = 'open' order by id",
  )
  const open = rows.map(({ id, user_id }) => ({ id, bearer: bearerOf(user_id, 'student') }))
  const answer = open.map(({ id, bearer }) => ({
    method: 'PUT' as const,
    path: `/api/attempts/${id}/answers`,
    bearer,
    body: { answers: [{ questionId, value: true }] },
  }))
  await load({ origin, asks: answer, count: answer.length, concurrency })
  return open.map(({ id, bearer }) => ({ method: 'POST', path: `/api/attempts/${id}/submit`, bearer }))
}

function cycle<T>(list: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, n) => list[n % list.length] as T)
}
