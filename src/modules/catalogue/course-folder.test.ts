import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FolderCourse, mediaFilesOf, parseCourseFolder, renderCourseFolder } from './course-folder.ts'
import { nameFiles } from './folder-files.ts'

const demo = join(import.meta.dirname, '../../../demo/courses')

function readFolder(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.md'),
  )
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [relative(folder, path), readFileSync(path, 'utf8')]
    }),
  )
}

function readNames(folder: string): Set<string> {
  const files = join(folder, 'files')
  return new Set(existsSync(files) ? readdirSync(files) : [])
}

const small = () =>
  new Map([
    ['course.md', '---\ntitle: Knots\n---\n\nTie them.\n'],
    ['01-first/section.md', '---\ntitle: First\n---\n'],
    ['01-first/01-bowline.md', '---\ntitle: Bowline\n---\n\nThe rabbit.\n'],
  ])

describe('a course folder', () => {
  it.each(readdirSync(demo))('of the demo school is read and written to the very same bytes: %s', (slug) => {
    const files = readFolder(join(demo, slug))
    const { course, faults } = parseCourseFolder(files, readNames(join(demo, slug)))
    expect(faults).toEqual([])
    expect(course && Object.fromEntries(renderCourseFolder(course))).toEqual(Object.fromEntries(files))
  })

  it('survives being written and read, whatever its texts hold', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .filter((value) => /\S/.test(value) && !value.includes('\0'))
    const body = fc.option(
      fc
        .string({ unit: 'grapheme', maxLength: 200 })
        .map((value) => value.replaceAll('\r', '').replaceAll('\0', '')),
    )
    const file = fc.stringMatching(/^[a-zA-Z0-9é :#'"-]{1,20}\.(mp4|pdf)$/)
    const common = { title: text, preview: fc.boolean(), durationSeconds: fc.nat(1_000_000), body }
    const lesson = fc.oneof(
      fc.record({ ...common, type: fc.constantFrom('text' as const, 'quiz' as const) }),
      fc.record({ ...common, type: fc.constantFrom('video' as const, 'file' as const), media: file }),
      fc.record({
        ...common,
        type: fc.constant('text' as const),
        availableAfterDays: fc.nat(3_650),
        materials: fc.array(fc.oneof(fc.record({ file }), fc.record({ file, title: text })), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
    )
    const section = fc.record({ title: text, description: body, lessons: fc.array(lesson, { maxLength: 4 }) })
    const course = fc.record({
      title: text,
      level: fc.constantFrom('beginner' as const, 'advanced' as const),
      category: text,
      tags: fc.array(
        text.map((value) => value.slice(0, 50)).filter((value) => /\S/.test(value)),
        { minLength: 1, maxLength: 5 },
      ),
      price: fc.constantFrom(null, { amount: 49_900, currency: 'INR' }, { amount: 500, currency: 'JPY' }),
      sequential: fc.boolean(),
      instructors: fc.array(
        fc.record({
          email: fc.constantFrom('ines@example.org', "o'neil@example.org"),
          role: fc.constantFrom('lead' as const, 'assistant' as const),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      thumbnail: file,
      slug: fc.constantFrom('knots', 'knots-2'),
      status: fc.constantFrom('draft' as const, 'published' as const, 'archived' as const),
      hidden: text,
      formerSlugs: fc.subarray(['knots-3', 'bends'], { minLength: 1 }),
      description: body,
      sections: fc.array(section, { maxLength: 4 }),
    })
    fc.assert(
      fc.property(course, (made: FolderCourse) => {
        const names = new Set([...mediaFilesOf(made), made.thumbnail ?? ''])
        expect(parseCourseFolder(renderCourseFolder(made), names)).toEqual({ course: made, faults: [] })
      }),
    )
  })

  it('never throws, whatever is in the files: it lists faults or gives a course', () => {
    const path = fc.oneof(
      fc.constantFrom('course.md', '01-a/section.md', '01-a/01-b.md', '01-a/x.md', 'y.md'),
      fc.string({ maxLength: 20 }),
    )
    const text = fc.oneof(
      fc.string(),
      fc.string().map((value) => `---\n${value}\n---\n${value}`),
      fc.string().map((value) => `---\ntitle: ${value}\n---\n`),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(path, text), { maxLength: 6 }), (entries) => {
        const { course, faults } = parseCourseFolder(new Map(entries))
        expect(course === null).toBe(faults.length > 0)
      }),
    )
  })
})

describe('a damaged course folder names file, line and fault', () => {
  it.each<[string, (files: Map<string, string>) => void, { file: string; line: number; fault: RegExp }]>([
    [
      'no course.md',
      (files) => files.delete('course.md'),
      { file: 'course.md', line: 0, fault: /is missing/ },
    ],
    [
      'no section.md',
      (files) => files.delete('01-first/section.md'),
      { file: '01-first/section.md', line: 0, fault: /is missing/ },
    ],
    [
      'no front matter',
      (files) => files.set('course.md', 'Tie them.\n'),
      { file: 'course.md', line: 1, fault: /must begin with front matter/ },
    ],
    [
      'front matter that does not end',
      (files) => files.set('course.md', '---\ntitle: Knots\n'),
      { file: 'course.md', line: 3, fault: /not closed/ },
    ],
    [
      'a title that is missing',
      (files) => files.set('01-first/01-bowline.md', '---\ntype: text\n---\n'),
      { file: '01-first/01-bowline.md', line: 1, fault: /"title" is missing/ },
    ],
    [
      'YAML that is none',
      (files) => files.set('course.md', '---\ntitle: Knots\ntags: [a\n---\n'),
      { file: 'course.md', line: 3, fault: /end with a \]/ },
    ],
    [
      'a key twice',
      (files) => files.set('course.md', '---\ntitle: Knots\ntitle: Knots\n---\n'),
      { file: 'course.md', line: 3, fault: /unique/ },
    ],
    [
      'an unknown field',
      (files) => files.set('course.md', '---\ntitle: Knots\ncolour: red\n---\n'),
      { file: 'course.md', line: 3, fault: /"colour" is not a known field/ },
    ],
    [
      'a wrong type of lesson',
      (files) => files.set('01-first/01-bowline.md', '---\ntitle: Bowline\ntype: podcast\n---\n'),
      { file: '01-first/01-bowline.md', line: 3, fault: /"type" must be one of video, text/ },
    ],
    [
      'a wrong level',
      (files) => files.set('course.md', '---\ntitle: Knots\nlevel: hard\n---\n'),
      { file: 'course.md', line: 3, fault: /"level" must be one of beginner/ },
    ],
    [
      'a language that is none',
      (files) => files.set('course.md', '---\ntitle: Knots\nlanguage: en-gb-us\n---\n'),
      { file: 'course.md', line: 3, fault: /"en-gb-us" is not a BCP 47 tag/ },
    ],
    [
      'a currency that does not exist',
      (files) => files.set('course.md', '---\ntitle: Knots\nprice:\n  amount: 5\n  currency: XQX\n---\n'),
      { file: 'course.md', line: 5, fault: /"XQX" is not a currency/ },
    ],
    [
      'a former slug that is the address of something else',
      (files) => files.set('course.md', '---\ntitle: Knots\nformerSlugs:\n  - mine\n---\n'),
      { file: 'course.md', line: 3, fault: /"formerSlugs" cannot be/ },
    ],
    [
      'a picture that is not there',
      (files) =>
        files.set(
          '01-first/01-bowline.md',
          '---\ntitle: B\n---\n\nOne\n![b](../files/b%20c.png?width=320)\n',
        ),
      { file: '01-first/01-bowline.md', line: 6, fault: /there is no files\/b c.png/ },
    ],
    [
      'a picture of a server',
      (files) => files.set('course.md', `---\ntitle: Knots\n---\n\n![b](/api/v1/media/${'0'.repeat(36)})\n`),
      { file: 'course.md', line: 5, fault: /is a file of a server: put it into files/ },
    ],
    [
      'a price that is no whole number',
      (files) => files.set('course.md', '---\ntitle: Knots\nprice:\n  amount: 4.5\n  currency: INR\n---\n'),
      { file: 'course.md', line: 4, fault: /"price"/ },
    ],
    [
      'a stray file',
      (files) => files.set('notes.txt', 'x'),
      { file: 'notes.txt', line: 0, fault: /not part of a course/ },
    ],
    [
      'a lesson without a number',
      (files) => files.set('01-first/bowline.md', '---\ntitle: B\n---\n'),
      { file: '01-first/bowline.md', line: 0, fault: /not named like 01-a-lesson.md/ },
    ],
    [
      'two lessons of one number',
      (files) => files.set('01-first/01-sheet-bend.md', '---\ntitle: S\n---\n'),
      { file: '01-first/01-sheet-bend.md', line: 0, fault: /same number/ },
    ],
    [
      'a lesson that lies too deep',
      (files) => files.set('01-first/02-more/01-x.md', '---\ntitle: X\n---\n'),
      { file: '01-first/02-more/01-x.md', line: 0, fault: /too deep/ },
    ],
    [
      'a file that is not there',
      (files) => files.set('01-first/01-bowline.md', '---\ntitle: B\ntype: video\nmedia: b.mp4\n---\n'),
      { file: '01-first/01-bowline.md', line: 4, fault: /there is no files\/b.mp4/ },
    ],
    [
      'a thumbnail that is not there',
      (files) => files.set('course.md', '---\ntitle: Knots\nthumbnail: cover.webp\n---\n'),
      { file: 'course.md', line: 3, fault: /there is no files\/cover.webp/ },
    ],
    [
      'a file of a text lesson',
      (files) => files.set('01-first/01-bowline.md', '---\ntitle: B\nmedia: rope.pdf\n---\n'),
      { file: '01-first/01-bowline.md', line: 3, fault: /a text lesson has no file of its own/ },
    ],
    [
      'a file that nothing uses',
      () => undefined,
      { file: 'files/rope.pdf', line: 0, fault: /is used by no lesson/ },
    ],
    [
      'an instructor without an address',
      (files) =>
        files.set('course.md', '---\ntitle: Knots\ninstructors:\n  - email: Ines\n    role: lead\n---\n'),
      { file: 'course.md', line: 4, fault: /"instructors"/ },
    ],
    [
      'a body over the limit',
      (files) => files.set('01-first/01-bowline.md', `---\ntitle: B\n---\n\n${'x'.repeat(200_001)}\n`),
      { file: '01-first/01-bowline.md', line: 0, fault: /more than 200000/ },
    ],
  ])('%s', (_title, damage, { file, line, fault }) => {
    const files = small()
    damage(files)
    const { course, faults } = parseCourseFolder(files, new Set(['rope.pdf']))
    expect(course).toBeNull()
    expect(faults).toContainEqual({ file, line, fault: expect.stringMatching(fault) })
  })

  it('and all of its faults at once', () => {
    const files = small()
    files.set('course.md', '---\nlevel: hard\nsequential: maybe\n---\n')
    files.set('01-first/01-bowline.md', '---\npreview: 3\n---\n')
    expect(parseCourseFolder(files).faults).toHaveLength(5)
  })
})

describe('the files of an exported course are named', () => {
  it.each([
    [
      ['a.pdf', 'b.pdf'],
      ['a.pdf', 'b.pdf'],
    ],
    [
      ['a.pdf', 'a.pdf', 'A.pdf'],
      ['a.pdf', 'a-2.pdf', 'A-3.pdf'],
    ],
    [
      ['a-2.pdf', 'a.pdf', 'a.pdf'],
      ['a-2.pdf', 'a.pdf', 'a-3.pdf'],
    ],
    [
      ['.hidden', '..', '', 'tar.gz.'],
      ['hidden', 'file', 'file-2', 'tar.gz'],
    ],
    [
      ['what: a?.pdf', '../b.pdf'],
      ['what_ a_.pdf', '_b.pdf'],
    ],
    [['naïve 日本.pdf'], ['naïve 日本.pdf']],
  ])('%j as %j', (names, expected) => {
    const files = names.map((fileName, index) => ({ id: String(index), fileName }))
    expect([...nameFiles(files).values()]).toEqual(expected)
  })
})
