import type { CategoryRow } from './category-queries.ts'
import type { Coded, ListedCourses } from './listed-courses.ts'
import type { CatalogueFilter } from './listing-schemas.ts'

export interface CountRow {
  readonly value: string
  readonly count: number
}

export interface FacetRow {
  readonly total: number
  /** Those that courses are in, and those above them. */
  readonly categories: readonly (CategoryRow & { count: number })[]
  readonly levels: readonly CountRow[]
  readonly languages: readonly CountRow[]
  readonly tags: readonly CountRow[]
  readonly free: number
  readonly paid: number
}

const mostTags = 30
/** The kinds of facets, each a bit. */
const kind = { category: 1, level: 2, language: 4, tags: 8, price: 16 } as const

/**
 * How many courses there are of each kind, each kind with all filters but its own. One walk over the courses.
 * @param among the indexes of those that words and instructor leave; null for all
 */
export function countFacets(
  courses: ListedCourses,
  filter: CatalogueFilter,
  among: readonly number[] | null,
): FacetRow {
  const { codes } = courses
  const missingOf = missingIn(courses, filter)
  const category = new Int32Array(codes.category.values.length)
  const level = new Int32Array(codes.level.values.length)
  const language = new Int32Array(codes.language.values.length)
  const tags = new Int32Array(codes.tags.values.length)
  const free = codes.currency.codeOf('')
  const counts = { total: 0, free: 0, paid: 0 }

  const count = (index: number) => {
    const missing = missingOf(index)
    if (missing === 0) counts.total++
    if (isLeftBut(missing, kind.category)) add(category, courses.category[index])
    if (isLeftBut(missing, kind.level)) add(level, courses.level[index])
    if (isLeftBut(missing, kind.language)) add(language, courses.language[index])
    if (isLeftBut(missing, kind.price)) counts[courses.currency[index] === free ? 'free' : 'paid']++
    if (isLeftBut(missing, kind.tags)) for (const tag of courses.tags[index] ?? []) add(tags, tag)
  }
  if (among) for (const index of among) count(index)
  else for (let index = 0; index < courses.amount.length; index++) count(index)

  return {
    ...counts,
    categories: withThoseAbove(courses, category),
    levels: mostFirst(codes.level, level),
    languages: mostFirst(codes.language, language),
    tags: mostFirst(codes.tags, tags).slice(0, mostTags),
  }
}

/** Which kinds of filters keep a course out: the sum of their bits. */
function missingIn(courses: ListedCourses, filter: CatalogueFilter): (index: number) => number {
  const { codes } = courses
  const { category, level, language, tag = [], free, currency, minPrice = 0 } = filter
  const { maxPrice = Number.MAX_SAFE_INTEGER } = filter
  const within = category === undefined ? null : codesWithin(courses, category)
  const levelCode = codes.level.codeOf(level ?? null)
  const languageCode = codes.language.codeOf(language ?? null)
  const tagCodes = tag.map((one) => codes.tags.codeOf(one))
  const none = codes.currency.codeOf('')
  const currencyCode = codes.currency.codeOf(currency ?? null)
  const isPriced = (index: number) => {
    const sold = courses.currency[index]
    const amount = courses.amount[index] ?? 0
    return (
      (free === undefined || free === (sold === none)) &&
      (currency === undefined || sold === none || sold === currencyCode) &&
      minPrice <= amount &&
      amount <= maxPrice
    )
  }
  return (index) =>
    (within === null || within.has(courses.category[index] ?? -1) ? 0 : kind.category) +
    (level === undefined || (levelCode >= 0 && courses.level[index] === levelCode) ? 0 : kind.level) +
    (language === undefined || (languageCode >= 0 && courses.language[index] === languageCode)
      ? 0
      : kind.language) +
    (tagCodes.every((code) => courses.tags[index]?.includes(code)) ? 0 : kind.tags) +
    (isPriced(index) ? 0 : kind.price)
}

/** The codes of a category, by id or slug, and of those below it. */
function codesWithin({ categories, codes }: ListedCourses, wanted: string): ReadonlySet<number> {
  const within = new Set<string>()
  const take = (id: string) => {
    within.add(id)
    for (const child of categories) if (child.parent_id === id) take(child.id)
  }
  for (const { id, slug } of categories) if (slug === wanted || id === wanted.toLowerCase()) take(id)
  return new Set([...within].map((id) => codes.category.codeOf(id)).filter((code) => code >= 0))
}

function withThoseAbove(
  { categories, codes }: ListedCourses,
  counts: Int32Array,
): readonly (CategoryRow & { count: number })[] {
  const byId = new Map(categories.map((category) => [category.id, category]))
  const summed = new Map<string, number>()
  for (const [code, count] of counts.entries())
    for (let id = codes.category.values[code]; id && count > 0; id = byId.get(id)?.parent_id ?? '')
      summed.set(id, (summed.get(id) ?? 0) + count)
  return categories.flatMap((category) => {
    const count = summed.get(category.id)
    return count === undefined ? [] : [{ ...category, count }]
  })
}

function mostFirst({ values }: Coded, counts: Int32Array): CountRow[] {
  return values
    .map((value, code) => ({ value, count: counts[code] ?? 0 }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}

/** Whether nothing keeps it out but, at most, one kind of filter. */
function isLeftBut(missing: number, bit: number): boolean {
  return (missing | bit) === bit
}

function add(counts: Int32Array, code: number | undefined): void {
  if (code !== undefined && code >= 0) counts[code] = (counts[code] ?? 0) + 1
}
