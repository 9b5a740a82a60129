import { type Static, Type } from 'typebox'
import { Closed } from '../../platform/http/schemas.ts'
import { canonicalLanguage } from '../../platform/languages.ts'
import type { FolderFault } from '../../platform/module.ts'
import { isCurrency } from '../../platform/money.ts'
import { compareFiles, type FileUse } from './folder-files.ts'
import { namesInText, readUses } from './folder-texts.ts'
import { parseFrontMatter, renderFrontMatter } from './front-matter.ts'
import { isUsableSlug, mediaKinds, mostMaterials, slugify } from './rules.ts'
import { CourseChange, NewCategory, NewCourse, NewLesson, NewMaterial, NewSection, Slug } from './schemas.ts'

/**
 * A course as a folder of Markdown files: by path, `course.md` and `NN-section/section.md`, `NN-section/NN-lesson.md`. Beside them, the
 * folder `files` has what they name: the thumbnail, the files and materials of lessons, pictures in texts.
 */
export type CourseFiles = ReadonlyMap<string, string>

const CategoryName = NewCategory.properties.name
const { title, subtitle, level, language, tags, price, sequential } = NewCourse.properties
const FileName = Type.String({ minLength: 1, maxLength: 255 })
const CourseFields = Closed({
  title,
  subtitle,
  /** Only where it is not what the title makes. */
  slug: CourseChange.properties.slug,
  /** A list names the way from the root of the tree. */
  category: Type.Optional(Type.Union([CategoryName, Type.Array(CategoryName, { minItems: 1 })])),
  level,
  language,
  tags,
  price,
  sequential,
  /** Those of them who teach here are assigned. */
  instructors: Type.Optional(
    Type.Array(
      Closed({
        email: Type.String({ maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+$' }),
        role: Type.Enum(['lead', 'assistant']),
      }),
      { minItems: 1, maxItems: 50 },
    ),
  ),
  thumbnail: Type.Optional(FileName),
  status: Type.Optional(Type.Enum(['draft', 'published', 'archived'])),
  /** Why an admin took it out of the catalogue, where one did. */
  hidden: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000, pattern: '\\S' })),
  /** Addresses that it had, which go on leading to it. */
  formerSlugs: Type.Optional(Type.Array(Slug, { minItems: 1 })),
})
const SectionFields = Closed({ title: NewSection.properties.title })
const LessonFields = Closed({
  title: NewLesson.properties.title,
  type: Type.Optional(NewLesson.properties.type),
  media: Type.Optional(FileName),
  preview: NewLesson.properties.preview,
  durationSeconds: NewLesson.properties.durationSeconds,
  availableAfterDays: NewLesson.properties.availableAfterDays,
  materials: Type.Optional(
    Type.Array(Closed({ file: FileName, title: NewMaterial.properties.title }), {
      minItems: 1,
      maxItems: mostMaterials,
    }),
  ),
})

export interface FolderLesson extends Static<typeof LessonFields> {
  readonly body: string | null
}
export interface FolderSection extends Static<typeof SectionFields> {
  readonly description: string | null
  readonly lessons: readonly FolderLesson[]
}
export interface FolderCourse extends Static<typeof CourseFields> {
  readonly description: string | null
  readonly sections: readonly FolderSection[]
}

const numbered = /^(\d{2,4})-[a-z0-9-]+$/
const mostMarkdown = 200_000
const mostDescription = 5_000
const courseFile = 'course.md'
const sectionFile = 'section.md'

/**
 * Reads a course folder. Either there are no faults, or `course` is null and every fault is listed.
 * @param names what is in its folder `files`
 */
export function parseCourseFolder(
  files: CourseFiles,
  names: ReadonlySet<string> = new Set(),
): {
  course: FolderCourse | null
  faults: FolderFault[]
} {
  const faults: FolderFault[] = []
  const head = read(files, courseFile, CourseFields, faults)
  refuseLong(courseFile, head?.body, mostMarkdown, faults)
  const currency = head?.fields.price?.currency
  if (currency !== undefined && !isCurrency(currency)) {
    faults.push({
      file: courseFile,
      line: lineOf(files, courseFile, 'currency'),
      fault: `"${currency}" is not a currency of ISO 4217`,
    })
  }
  const language = head?.fields.language
  if (language && canonicalLanguage(language) === null)
    faults.push({
      file: courseFile,
      line: lineOf(files, courseFile, 'language'),
      fault: `"${language}" is not a BCP 47 tag`,
    })
  const { slug, formerSlugs = [] } = head?.fields ?? {}
  for (const [field, slugs] of [
    ['slug', [slug ?? []].flat()] as const,
    ['formerSlugs', formerSlugs] as const,
  ])
    if (!slugs.every(isUsableSlug))
      faults.push({
        file: courseFile,
        line: lineOf(files, courseFile, field),
        fault: `"${field}" cannot be the address of a course`,
      })
  const paths = [...files.keys()].sort()
  for (const path of paths) refuseStray(path, faults)
  const folders = [
    ...new Set(paths.filter((path) => path.includes('/')).map((path) => path.slice(0, path.indexOf('/')))),
  ]
  refuseSameNumber(folders, '', faults)
  const uses: FileUse[] = []
  if (head?.fields.thumbnail !== undefined)
    uses.push({ by: courseFile, field: 'thumbnail', name: head.fields.thumbnail })
  uses.push(...readUses({ path: courseFile, text: files.get(courseFile) ?? '', of: 'course' }, faults))
  const sections = folders.map((folder) => parseSection(files, folder, { faults, uses }))
  compareFiles(names, uses, (file, field) => lineOf(files, file, field), faults)
  if (!head || faults.length > 0) return { course: null, faults }
  return {
    course: {
      ...head.fields,
      description: head.body,
      sections: sections.filter((section) => section !== null),
    },
    faults,
  }
}

function parseSection(
  files: CourseFiles,
  folder: string,
  { faults, uses }: { faults: FolderFault[]; uses: FileUse[] },
): FolderSection | null {
  const head = read(files, `${folder}/${sectionFile}`, SectionFields, faults)
  refuseLong(`${folder}/${sectionFile}`, head?.body, mostDescription, faults)
  const names = [...files.keys()]
    .filter((path) => path.startsWith(`${folder}/`) && !path.endsWith(`/${sectionFile}`))
    .sort()
  refuseSameNumber(
    names.map((path) => path.slice(folder.length + 1)),
    `${folder}/`,
    faults,
  )
  const lessons = names.map((path) => {
    const lesson = read(files, path, LessonFields, faults)
    refuseLong(path, lesson?.body, mostMarkdown, faults)
    const { media, type = 'text', materials = [] } = lesson?.fields ?? {}
    if (media !== undefined) {
      uses.push({ by: path, field: 'media', name: media })
      if (mediaKinds[type].length === 0)
        faults.push({
          file: path,
          line: lineOf(files, path, 'media'),
          fault: `"media": a ${type} lesson has no file of its own, but may have materials`,
        })
    }
    for (const { file } of materials) uses.push({ by: path, field: 'materials', name: file })
    uses.push(...readUses({ path, text: files.get(path) ?? '', of: 'lesson' }, faults))
    return lesson
  })
  if (!head) return null
  return {
    ...head.fields,
    description: head.body,
    lessons: lessons.filter((lesson) => lesson !== null).map(({ fields, body }) => ({ ...fields, body })),
  }
}

function read<Schema extends typeof CourseFields | typeof SectionFields | typeof LessonFields>(
  files: CourseFiles,
  path: string,
  schema: Schema,
  faults: FolderFault[],
) {
  const text = files.get(path)
  if (text !== undefined) return parseFrontMatter(path, text, schema, faults)
  faults.push({ file: path, line: 0, fault: 'is missing' })
  return null
}

function refuseLong(
  file: string,
  body: string | null | undefined,
  most: number,
  faults: FolderFault[],
): void {
  if (body && body.length > most)
    faults.push({ file, line: 0, fault: `has more than ${most} characters of text` })
}

/** The line, from 1, on which a key stands in a file's front matter. */
function lineOf(files: CourseFiles, file: string, key: string): number {
  const lines = (files.get(file) ?? '').split('\n')
  return 1 + lines.findIndex((line) => line.trimStart().startsWith(`${key}:`))
}

function refuseStray(path: string, faults: FolderFault[]): void {
  const [folder = '', name, ...deeper] = path.split('/')
  const add = (fault: string) => void faults.push({ file: path, line: 0, fault })
  if (name === undefined) {
    if (folder !== courseFile)
      add('is not part of a course: beside course.md there are only folders of sections')
  } else if (!numbered.test(folder)) add('stands in a folder that is not named like 01-a-section')
  else if (deeper.length > 0) add('lies too deep: lessons are files in the folder of their section')
  else if (name !== sectionFile && !(name.endsWith('.md') && numbered.test(name.slice(0, -3)))) {
    add('is not named like 01-a-lesson.md')
  }
}

function refuseSameNumber(names: readonly string[], prefix: string, faults: FolderFault[]): void {
  const seen = new Map<string, string>()
  for (const name of names) {
    const number = numbered.exec(name.replace(/\.md$/, ''))?.[1]
    if (number === undefined) continue
    const before = seen.get(number)
    if (before) faults.push({ file: `${prefix}${name}`, line: 0, fault: `has the same number as ${before}` })
    seen.set(number, name)
  }
}

/** The files of a course that are media, by name: all that lessons, their materials and the texts use. */
export function mediaFilesOf(course: FolderCourse): string[] {
  const lessons = course.sections.flatMap((section) => section.lessons)
  const named = lessons.flatMap(({ media, materials = [], body }) => [
    ...(media === undefined ? [] : [media]),
    ...materials.map(({ file }) => file),
    ...namesInText(body, 'lesson'),
  ])
  return [...new Set([...namesInText(course.description, 'course'), ...named])]
}

/** Writes a course as files; `parseCourseFolder` reads them back to the same course. */
export function renderCourseFolder(course: FolderCourse): CourseFiles {
  const files = new Map<string, string>()
  const {
    title,
    subtitle,
    slug,
    category,
    level,
    language,
    tags = [],
    price = null,
    sequential = false,
    instructors,
    thumbnail,
    status = 'draft',
    hidden,
    formerSlugs,
  } = course
  const head = {
    title,
    subtitle,
    slug,
    category,
    level,
    language,
    tags: tags.length > 0 ? tags : undefined,
    price,
    sequential,
    instructors,
    thumbnail,
    status,
    hidden,
    formerSlugs,
  }
  files.set(courseFile, renderFrontMatter(head, course.description))
  course.sections.forEach((section, index) => {
    const folder = numberedName(index, course.sections.length, section.title)
    files.set(`${folder}/${sectionFile}`, renderFrontMatter({ title: section.title }, section.description))
    for (const [at, lesson] of section.lessons.entries()) {
      const {
        body,
        title,
        type = 'text',
        media,
        preview = false,
        durationSeconds,
        availableAfterDays,
      } = lesson
      const fields = {
        title,
        type,
        media,
        preview,
        durationSeconds,
        availableAfterDays,
        materials: lesson.materials,
      }
      const name = numberedName(at, section.lessons.length, title)
      files.set(`${folder}/${name}.md`, renderFrontMatter(fields, body))
    }
  })
  return files
}

function numberedName(index: number, count: number, title: string): string {
  const digits = Math.max(2, String(count).length)
  return `${String(index + 1).padStart(digits, '0')}-${slugify(title)}`
}
