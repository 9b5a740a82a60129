import type { CategoryRow } from './category-queries.ts'
import type { ListedCourse } from './listed-course.ts'
import type { Coded, ListedCourses } from './listed-courses.ts'
import { type FilterKind, testsOf } from './listed-filter.ts'
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

/**
 * How many courses there are of each kind, each kind with all filters but its own. One walk over the courses.
 * @param among those that words and instructor leave
 */
export function countFacets(
  listed: ListedCourses,
  filter: CatalogueFilter,
  among: readonly ListedCourse[],
): FacetRow {
  const { codes } = listed
  const testsByKind = testsOf(listed, filter)
  const [kinds, tests] = [[...testsByKind.keys()], [...testsByKind.values()]]
  const category = new Int32Array(codes.category.values.length)
  const level = new Int32Array(codes.level.values.length)
  const language = new Int32Array(codes.language.values.length)
  const tags = new Int32Array(codes.tags.values.length)
  const counts = { total: 0, free: 0, paid: 0 }

  for (const course of among) {
    // The one kind that keeps it out; it counts for that kind alone.
    let kept: FilterKind | null = null
    let failed = 0
    for (let at = 0; at < tests.length && failed < 2; at++) {
      if (tests[at]?.(course)) continue
      kept = kinds[at] ?? null
      failed++
    }
    if (failed > 1) continue
    if (kept === null) counts.total++
    if (kept === null || kept === 'category') add(category, course.category)
    if (kept === null || kept === 'level') add(level, course.level)
    if (kept === null || kept === 'language') add(language, course.language)
    if (kept === null || kept === 'price') {
      if (course.currency === '') counts.free++
      else counts.paid++
    }
    if (kept === null || kept === 'tags')
      for (let at = 0; at < course.tags.length; at++) add(tags, course.tags[at] ?? -1)
  }

  return {
    ...counts,
    categories: withThoseAbove(listed, category),
    levels: mostFirst(codes.level, level),
    languages: mostFirst(codes.language, language),
    tags: mostFirst(codes.tags, tags, mostTags),
  }
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

function mostFirst({ values }: Coded, counts: Int32Array, most = counts.length): CountRow[] {
  // Of very many only those that can be among the first are made rows and compared.
  const least = Math.max(1, counts.toSorted().at(-most) ?? 0)
  const rows: CountRow[] = []
  for (let code = 0; code < counts.length; code++) {
    const count = counts[code] ?? 0
    if (count >= least) rows.push({ value: values[code] ?? '', count })
  }
  return rows.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, most)
}

function add(counts: Int32Array, code: number): void {
  if (code >= 0) counts[code] = (counts[code] ?? 0) + 1
}
