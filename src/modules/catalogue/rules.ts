import type { CourseStatus, LessonType, MediaKind } from '../../platform/database/schema.ts'
import { isId } from '../../platform/ids.ts'

const longestSlug = 60
const spelled: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
}
/** Paths under /courses that are not courses. */
const reserved = new Set(['mine', 'facets'])

/** A title as a part of an address: ASCII letters and digits with single hyphens, 60 at most; never empty. */
export function slugify(title: string): string {
  const slug = title
    .toLowerCase()
    .replace(/[ßæœøđðłþ]/g, (letter) => spelled[letter] ?? '')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longestSlug)
    .replace(/^-+|-+$/g, '')
  if (slug === '') return 'untitled'
  return isUsableSlug(slug) ? slug : `${slug}-course`
}

/** Whether a course can be found under this slug: it is no other path there, and not taken for an id. */
export function isUsableSlug(slug: string): boolean {
  return !reserved.has(slug) && !isId(slug)
}

/**
 * The slug to try next where `base` is taken: one more than the highest number in use.
 * @param taken slugs that begin with `base`
 */
export function numberedSlug(base: string, taken: readonly string[]): string {
  const numbers = taken
    .filter((slug) => slug.startsWith(`${base}-`))
    .map((slug) => slug.slice(base.length + 1))
    .filter((rest) => /^[1-9]\d{0,8}$/.test(rest))
    .map(Number)
  return `${base}-${Math.max(1, ...numbers) + 1}`
}

/** Tags without those that are there already, in another case or with space around; the first spelling stays. */
export function distinctTags(tags: readonly string[]): string[] {
  const bySpelling = new Map<string, string>()
  for (const tag of tags.map((one) => one.trim()))
    if (!bySpelling.has(tag.toLowerCase())) bySpelling.set(tag.toLowerCase(), tag)
  return [...bySpelling.values()]
}

const longestTitle = 200
const copied = ' (copy)'

/** The title of a copy: that of the original, shortened by whole letters where it would be too long. */
export function titleOfCopy(title: string): string {
  const room = longestTitle - copied.length
  const letters = Array.from(title)
  while (letters.join('').length > room) letters.pop()
  return `${letters.join('').trimEnd()}${copied}`
}

export type Lack = 'no_section' | 'no_lesson'

/** What keeps a course from being published. */
export function lacksOf(course: { sections: number; lessons: number }): Lack[] {
  const lacks: Lack[] = []
  if (course.sections === 0) lacks.push('no_section')
  if (course.lessons === 0) lacks.push('no_lesson')
  return lacks
}

/** The kinds of files that a lesson of each type can be made of; none: it has no file. */
export const mediaKinds: Readonly<Record<LessonType, readonly MediaKind[]>> = {
  video: ['video', 'audio'],
  text: [],
  file: ['document', 'image', 'video', 'audio'],
  quiz: [],
}

const next: Readonly<Record<CourseStatus, readonly CourseStatus[]>> = {
  draft: ['published', 'archived'],
  published: ['draft', 'archived'],
  archived: ['draft'],
}

/** Whether a course may go from one state to another; staying is no change and always allowed. */
export function canBecome(from: CourseStatus, to: CourseStatus): boolean {
  return from === to || next[from].includes(to)
}

interface Order {
  readonly sectionId: string
  readonly lessonIds: readonly string[]
}

export interface OrderFaults {
  readonly missing: string[]
  /** Of no course, or of another. */
  readonly unknown: string[]
  readonly repeated: string[]
}

/** What keeps an order from naming every section and every lesson of a course exactly once, by their ids; null where nothing does. */
export function faultsOf(
  order: readonly Order[],
  course: { sectionIds: readonly string[]; lessonIds: readonly string[] },
): OrderFaults | null {
  const sections = order.map(({ sectionId }) => sectionId)
  const lessons = order.flatMap(({ lessonIds }) => lessonIds)
  const all = [compare(sections, course.sectionIds), compare(lessons, course.lessonIds)]
  const faults = {
    missing: all.flatMap(({ missing }) => missing),
    unknown: all.flatMap(({ unknown }) => unknown),
    repeated: all.flatMap(({ repeated }) => repeated),
  }
  return Object.values(faults).some((ids) => ids.length > 0) ? faults : null
}

function compare(said: readonly string[], there: readonly string[]): OrderFaults {
  const known = new Set(there)
  const named = new Set<string>()
  const repeated = new Set<string>()
  for (const id of said) (named.has(id) ? repeated : named).add(id)
  return {
    missing: there.filter((id) => !named.has(id)),
    unknown: [...named].filter((id) => !known.has(id)),
    repeated: [...repeated],
  }
}

/** So that a course can be shown, and put in order, as a whole. */
export const mostSections = 200
export const mostLessons = 2_000
export const mostMaterials = 50
/** Files that one text names. */
export const mostNamed = 200

type Parts = readonly { readonly userId: string; readonly role: string }[]

/** Who teaches anew, who no more, and all whose part is another than before: those, and who leads now and did not, or no more. */
export function differenceOf(
  from: Parts,
  to: Parts,
): { added: string[]; removed: string[]; changed: string[] } {
  const before = new Map(from.map(({ userId, role }) => [userId, role]))
  const after = new Map(to.map(({ userId, role }) => [userId, role]))
  const people = [...new Map([...after, ...before]).keys()]
  return {
    added: people.filter((id) => !before.has(id)),
    removed: people.filter((id) => !after.has(id)),
    changed: people.filter((id) => before.get(id) !== after.get(id)),
  }
}
