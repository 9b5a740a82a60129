import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Client } from '../../../test/support/http.ts'
import { createWorld, type World } from '../../../test/support/world.ts'
import type { Tx } from '../../platform/database/database.ts'
import { makePerson, type Person } from '../accounts/factory.ts'
import { makeCourse } from './factory.ts'
import { reviewSearchWords } from './review-search-words.ts'

let world: World
let owner: Person
let mine: Client
beforeAll(async () => {
  world = await createWorld()
  owner = await makePerson(world.deps, { role: 'instructor' })
  mine = world.client.as(owner.accessToken)
})
afterAll(() => world.close())

const search = async (q: string): Promise<string[]> =>
  (await world.client.get(`/api/courses?${new URLSearchParams({ q })}`)).body.items.map(
    ({ title }: { title: string }) => title,
  )
const isKnown = async (word: string) =>
  (await world.deps.db.selectFrom('search_words').select('word').where('word', '=', word).execute())
    .length === 1

async function waiting(tx: Tx): Promise<number> {
  const { rows } = await sql`select from pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())`.execute(tx)
  return rows.length
}

it('a word that one course gets while another loses it is still what a misspelled one means', async () => {
  const from = await makeCourse(world.deps, { owner, title: 'Marquetry' })
  const to = await makeCourse(world.deps, { owner, title: 'Woodwork' })
  let reviewed: Promise<void> | undefined
  await world.deps.transact(async (tx) => {
    await sql`update courses set title = 'Fine marquetry' where id = ${to.id}`.execute(tx)
    expect((await mine.patch(`/api/courses/${from.id}`, { title: 'Veneer' })).status).toBe(200)
    // It waits for who may be giving a word to a course.
    reviewed = world.deps.transact(reviewSearchWords)
    await expect.poll(() => waiting(tx)).toBe(1)
  })
  await reviewed
  expect(await search('marqetry')).toEqual(['Fine marquetry'])
})

it('a word that no course has any more is forgotten by the review; one that was lost is found again', async () => {
  const course = await makeCourse(world.deps, { owner, title: 'Quilling and tatting' })
  await mine.patch(`/api/courses/${course.id}`, { title: 'Tatting' })
  await world.deps.transact((tx) => sql`delete from search_words where word = 'tatting'`.execute(tx))
  await world.deps.transact(reviewSearchWords)
  expect(await isKnown('quilling')).toBe(false)
  expect(await isKnown('tatting')).toBe(true)
  expect(await search('tattign')).toEqual(['Tatting'])
})

it('a misspelled word also stands for one of a description, until no course says it', async () => {
  const description = 'He tilts quixotically at windmills.'
  const course = await makeCourse(world.deps, { owner, title: 'La Mancha', description })
  for (const q of ['quixotically', 'quixotcally', 'quixotiaclly', 'mancha windmlils'])
    expect(await search(q), q).toEqual(['La Mancha'])
  await world.deps.transact((tx) => sql`delete from search_words where word = 'windmills'`.execute(tx))
  await mine.patch(`/api/courses/${course.id}`, { description: 'He tilts at windmills.' })
  expect(await search('quixotcally')).toEqual([])
  await world.deps.transact(reviewSearchWords)
  expect(await isKnown('quixotically')).toBe(false)
  expect(await isKnown('windmills')).toBe(true)
})
