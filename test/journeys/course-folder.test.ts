import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bringCourse, importBrought } from '../../src/commands/bring-course.ts'
import { readCourse, writeCourseFiles, writeStored } from '../../src/commands/course-files.ts'
import { makePerson, type Person } from '../../src/modules/accounts/factory.ts'
import { exportCourse, renderWholeFolder } from '../../src/modules/catalogue/index.ts'
import { modules } from '../../src/modules.ts'
import type { Actor } from '../../src/platform/actor.ts'
import { createWorld, type World } from '../support/world.ts'

const demoFiles = join(import.meta.dirname, '../../demo/courses/version-control-with-git/files')
let world: World
let folder: string
let source: string
let lead: Person
let assistant: Person

beforeAll(async () => {
  world = await createWorld()
  folder = await mkdtemp(join(tmpdir(), 'lectern folder-'))
  source = join(folder, 'knots')
  lead = await makePerson(world.deps, { role: 'instructor', email: 'lead@example.org' })
  assistant = await makePerson(world.deps, { role: 'instructor', email: 'assistant@example.org' })
  await write(source)
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

/** A course with everything that a course may have. */
async function write(to: string): Promise<void> {
  const texts = {
    'course.md':
      '---\ntitle: Knots\nsubtitle: Tie them\nslug: knots-and-hitches\ncategory:\n  - Crafts\n  - Ropes\nlevel: beginner\nlanguage: pt-BR\n' +
      'tags:\n  - rope\n  - sea\nprice:\n  amount: 500\n  currency: JPY\nsequential: true\ninstructors:\n' +
      '  - email: lead@example.org\n    role: lead\n  - email: assistant@example.org\n    role: assistant\n' +
      'thumbnail: thumbnail.webp\nstatus: published\n---\n\n# Knots\n\nWith **notes** as written,  spaces and all.\n\n![A chart](files/chart.png "of knots")\n',
    '01-basics/section.md': '---\ntitle: Basics\n---\n\nHow ropes behave.\n',
    '01-basics/01-bowline.md':
      '---\ntitle: Bowline\ntype: video\nmedia: bowline film.mp4\npreview: true\ndurationSeconds: 6\nmaterials:\n  - file: sheet.pdf\n' +
      '    title: To print\n  - file: sheet-2.pdf\n---\n\nThe rabbit comes out of its hole.\n',
    '01-basics/02-sheet-bend.md':
      '---\ntitle: Sheet bend\ntype: text\npreview: false\navailableAfterDays: 7\nmaterials:\n  - file: sheet.pdf\n---\n\nTwo ropes.\n\n' +
      '![Both ends](../files/sheet%20bend%20%281%29.png?width=320) and [the sheet](../files/sheet.pdf), `![no](../files/picture.png)`\n',
    '02-more/section.md': '---\ntitle: More\n---\n',
    '02-more/01-chart.md': '---\ntitle: Chart\ntype: file\nmedia: chart.png\npreview: false\n---\n',
    '02-more/02-questions.md': '---\ntitle: Questions\ntype: quiz\npreview: false\n---\n\nWhich knot?\n',
    '02-more/02-questions.quiz.yaml':
      'title: Which knot?\npassPercent: 60\ntimeLimitSeconds: 300\nshuffle: true\nrevealAnswers: after_pass\nquestions:\n' +
      '  - type: single\n    text: Which one holds?\n    points: 1\n    explanation: It does.\n    options:\n' +
      '      - text: A bowline\n        correct: true\n      - text: A granny\n        correct: false\n',
    'bank.yaml':
      'questions:\n  - type: true_false\n    text: Rope stretches.\n    points: 1\n    tags:\n      - rope\n    answer: true\n' +
      '  - type: numeric\n    text: How many ends?\n    points: 2\n    answer: 2\n',
    'exam.yaml':
      'title: The exam\npassPercent: 70\nmaxAttempts: 3\nshuffle: false\nrevealAnswers: never\ndraw:\n  - count: 1\n    tag: rope\n' +
      '  - count: 1\n    questions:\n      - 2\n      - 1\n',
  }
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(to, path)), { recursive: true })
    await writeFile(join(to, path), text)
  }
  const files = join(to, 'files')
  await mkdir(files)
  await cp(join(demoFiles, 'branches.mp4'), join(files, 'bowline film.mp4'))
  await cp(join(demoFiles, 'git-on-one-page.pdf'), join(files, 'sheet.pdf'))
  await writeFile(
    join(files, 'sheet-2.pdf'),
    `${await readFile(join(files, 'sheet.pdf'), 'latin1')}\n`,
    'latin1',
  )
  await cp(join(demoFiles, 'thumbnail.webp'), join(files, 'thumbnail.webp'))
  const chart = sharp({ create: { width: 400, height: 300, channels: 3, background: { r: 1, g: 2, b: 3 } } })
  await chart.png().toFile(join(files, 'chart.png'))
  await chart.clone().flop().png().toFile(join(files, 'sheet bend (1).png'))
}

function actorFor({ id, role, sessionId }: Person, { clock }: World): Actor {
  return { userId: id, role, sessionId, at: clock.now() }
}

async function importAs(person: Person, from: string) {
  const brought = await bringCourse(world.deps, from, () => undefined)
  const actor = actorFor(person, world)
  return world.deps.transact((tx) => importBrought(tx, world.deps, actor, brought))
}

async function exportTo(slug: string, to: string): Promise<readonly string[]> {
  const exported = await exportCourse(world.deps.db, slug, world.deps.config)
  if (!exported) throw new Error(`there is no course ${slug}`)
  const { files, hindrances } = await renderWholeFolder(world.deps.db, exported, modules)
  await writeCourseFiles(to, files)
  for (const file of exported.files) await writeStored(world.deps.storage, to, file)
  return hindrances
}

async function contents(of: string): Promise<Record<string, string>> {
  const entries = (await readdir(of, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  )
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(
    await Promise.all(
      paths.map(async (path) => [path.slice(of.length), await readFile(path, 'latin1')] as const),
    ),
  )
}

const countRows = async () => {
  const { rows } = await world.database.pool.query(
    'select (select count(*) from courses) courses, (select count(*) from media) media',
  )
  return rows[0]
}

describe('a course with everything', () => {
  it('comes back to the byte, files included: fields, lessons of all four types, materials, thumbnail, instructors, quiz, exam and bank', async () => {
    const imported = await importAs(lead, source)
    expect(imported).toMatchObject({ slug: 'knots-and-hitches', absent: [] })
    const target = join(folder, 'exported')
    await exportTo('knots-and-hitches', target)
    expect(await contents(target)).toEqual(await contents(source))
  })

  it('is there for those who learn: picture, preview with its film, and who teaches it', async () => {
    const { body } = await world.client.get('/api/courses/knots-and-hitches')
    expect(body).toMatchObject({
      price: { amount: 500, currency: 'JPY' },
      category: { name: 'Ropes' },
      instructors: [
        { id: lead.id, role: 'lead' },
        { id: assistant.id, role: 'assistant' },
      ],
    })
    const picture = await fetch(new URL(new URL(body.thumbnail.url).pathname, world.url))
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(
      await readFile(join(source, 'files/thumbnail.webp')),
    )
    const [film] = body.sections[0].lessons
    const lesson = await world.client.get(`/api/courses/${body.id}/lessons/${film.id}`)
    expect(lesson.body).toMatchObject({ media: { kind: 'video', status: 'ready', width: 640, height: 360 } })
    const { pathname, search } = new URL(lesson.body.media.url)
    const bytes = await fetch(new URL(pathname + search, world.url))
    expect(Buffer.from(await bytes.arrayBuffer())).toEqual(
      await readFile(join(source, 'files/bowline film.mp4')),
    )
  })

  it('has all of its files told to `lectern media migrate`, and none that is not there', async () => {
    const keys: string[] = []
    for (const { storageKeys } of modules)
      for await (const key of storageKeys?.(world.deps.db) ?? []) keys.push(key)
    expect(keys.filter((key) => key.startsWith('media/'))).toHaveLength(7)
    expect(keys.filter((key) => key.startsWith('thumbnails/'))).toHaveLength(3)
    expect(await Promise.all(keys.map((key) => world.deps.storage.head(key)))).not.toContain(null)
  })

  it('comes back where nobody whom it names teaches: who imports leads, and is told who is absent', async () => {
    const other = await createWorld()
    const teacher = await makePerson(other.deps, { role: 'instructor' })
    const brought = await bringCourse(other.deps, source, () => undefined)
    const actor = actorFor(teacher, other)
    const made = await other.deps.transact((tx) => importBrought(tx, other.deps, actor, brought))
    expect(made.absent).toEqual(['lead@example.org', 'assistant@example.org'])
    const { body } = await other.client.get('/api/courses/knots-and-hitches')
    expect(body.instructors).toMatchObject([{ id: teacher.id, role: 'lead' }])
    await other.close()
  })
})

describe('a quiz in a folder', () => {
  it('is attempted by students, and the exam draws from the bank that came with it', async () => {
    const student = await makePerson(world.deps)
    const client = world.client.as(student.accessToken)
    const { body: course } = await client.get('/api/courses/knots-and-hitches')
    const teacher = world.client.as(lead.accessToken)
    await teacher.post(`/api/courses/${course.id}/enrollments`, { userId: student.id })
    const { body: exam } = await teacher.get(`/api/courses/${course.id}/exam`)
    expect(exam).toMatchObject({
      title: 'The exam',
      maxAttempts: 3,
      questions: [],
      draw: [{}, { questionIds: [{}, {}].map(() => expect.any(String)) }],
    })
    const { body: cards } = await client.get(`/api/courses/${course.id}/quizzes`)
    expect(cards.items.map(({ title }: { title: string }) => title).toSorted()).toEqual([
      'The exam',
      'Which knot?',
    ])
  })

  it('that is damaged is told with its file and line, beside all other faults, and nothing is made', async () => {
    const before = await countRows()
    const damaged = join(folder, 'damaged quiz')
    await cp(source, damaged, { recursive: true })
    const quiz = join(damaged, '02-more/02-questions.quiz.yaml')
    await writeFile(quiz, (await readFile(quiz, 'utf8')).replace('correct: true', 'correct: false'))
    await writeFile(join(damaged, 'exams.yaml'), 'title: A typo\n')
    await writeFile(join(damaged, '02-more/section.md'), '---\ntitle: 7\n---\n')
    const refused = expect(bringCourse(world.deps, damaged, () => undefined)).rejects
    await refused.toThrow(/02-questions\.quiz\.yaml:11: "questions\.0\.options" must have a correct one/)
    const again = expect(bringCourse(world.deps, damaged, () => undefined)).rejects
    await again.toThrow(/exams\.yaml: is not part of a course(.|\n)*section\.md:2: /)
    expect(await countRows()).toEqual(before)
  })
})

describe('what became of a course', () => {
  const write = async (name: string, head: string) => {
    const to = join(folder, name)
    await mkdir(to, { recursive: true })
    await writeFile(join(to, 'course.md'), head)
    return to
  }
  const head = (state: string) =>
    `---\ntitle: Old knots\nprice: null\nsequential: false\nstatus: ${state}---\n`

  it('archived, hidden and its former addresses come back to the byte', async () => {
    const state =
      'archived\nhidden: "The pictures: not ours."\nformerSlugs:\n  - knots-of-yore\n  - older-knots\n'
    const from = await write('archived', head(state))
    const admin = await makePerson(world.deps, { role: 'admin' })
    const { id } = await importAs(admin, from)
    await exportTo('older-knots', join(folder, 'archived again'))
    expect(await contents(join(folder, 'archived again'))).toEqual(await contents(from))
    const { body } = await world.client.as(admin.accessToken).get(`/api/courses/${id}`)
    expect(body).toMatchObject({ status: 'archived', hidden: true, hiddenReason: 'The pictures: not ours.' })
    expect((await world.client.get(`/api/courses/${id}`)).status).toBe(404)
  })
  it('a hidden course stays hidden when its instructor brings it, who is told', async () => {
    const person = await makePerson(world.deps, { role: 'instructor' })
    const from = await write('hidden', head('draft\nslug: hidden-knots\nhidden: Not ours.\n'))
    const { id } = await importAs(person, from)
    const { body } = await world.client.as(person.accessToken).get(`/api/courses/${id}`)
    expect(body).toMatchObject({ hidden: true, hiddenReason: 'Not ours.' })
    await world.drain()
    expect(world.mails.filter(({ to }) => to === person.email)).toHaveLength(1)
  })
  it('a former address that leads to another course refuses it and is named; nothing is made', async () => {
    const before = await countRows()
    const from = await write('taken', head('draft\nslug: new-knots\nformerSlugs:\n  - older-knots\n'))
    await expect(importAs(lead, from)).rejects.toThrow(/"older-knots" leads to another course/)
    expect(await countRows()).toEqual(before)
  })
})

describe('files that are not what they are called', () => {
  it('are all named, and nothing is made', async () => {
    const before = await countRows()
    const damaged = join(folder, 'damaged')
    await cp(source, damaged, { recursive: true })
    await writeFile(join(damaged, 'files/bowline film.mp4'), 'no film at all')
    await writeFile(join(damaged, 'files/sheet.pdf'), '<script>alert(1)</script>')
    await writeFile(join(damaged, 'files/thumbnail.webp'), 'no picture')
    const refused = bringCourse(world.deps, damaged, () => undefined)
    await expect(refused).rejects.toThrow(/bowline film\.mp4: .*\n.*sheet\.pdf: .*\n.*thumbnail\.webp: /)
    expect(await countRows()).toEqual(before)
  })

  it('a film that is cut off is named with what is wrong with it', async () => {
    const cut = join(folder, 'cut')
    await cp(source, cut, { recursive: true })
    const film = await readFile(join(cut, 'files/bowline film.mp4'))
    await writeFile(join(cut, 'files/bowline film.mp4'), film.subarray(0, 600))
    await expect(bringCourse(world.deps, cut, () => undefined)).rejects.toThrow(
      /bowline film\.mp4: is cut off/,
    )
  })

  it('a picture of the course over 10 MB is named, and not read', async () => {
    const heavy = join(folder, 'heavy')
    await cp(source, heavy, { recursive: true })
    await writeFile(join(heavy, 'files/thumbnail.webp'), Buffer.alloc(10 * 1024 * 1024 + 1))
    await expect(bringCourse(world.deps, heavy, () => undefined)).rejects.toThrow(
      /thumbnail\.webp: A picture of a course has at most/,
    )
  })

  it('and folders among the files are refused', async () => {
    const deep = join(folder, 'deep')
    await cp(source, deep, { recursive: true })
    await mkdir(join(deep, 'files/more'))
    await writeFile(join(deep, 'files/more/x.pdf'), 'x')
    await expect(readCourse(deep)).rejects.toThrow(/more\/x\.pdf/)
  })
})

it('what was stored for a course that was not made is removed after a day', async () => {
  const { files, thumbnailKey } = await bringCourse(world.deps, source, () => undefined)
  const keys = [...files.values()].map(({ storageKey }) => storageKey)
  const stored = () =>
    Promise.all([...keys, `thumbnails/${thumbnailKey}/320.webp`].map((key) => world.deps.storage.head(key)))
  expect(await stored()).not.toContain(null)
  world.clock.advance({ hours: 25 })
  await world.drain()
  expect(new Set(await stored())).toEqual(new Set([null]))
  // What is in use stays.
  await exportTo('knots-and-hitches', join(folder, 'still there'))
  expect(await contents(join(folder, 'still there'))).toEqual(await contents(source))
})
