import type { ListedCourse } from './listed-course.ts'
import type { ListedCourses } from './listed-courses.ts'
import type { CatalogueFilter } from './listing-schemas.ts'

/** The kinds of filters, each of which is a facet. */
export type FilterKind = 'category' | 'level' | 'language' | 'tags' | 'price'
export type Test = (course: ListedCourse) => boolean

/** What must hold of a course, of each kind that the filter says something of. Words and instructor are asked of the database. */
export function testsOf(listed: ListedCourses, filter: CatalogueFilter): ReadonlyMap<FilterKind, Test> {
  const { codes } = listed
  const { category, level, language, tag, free, currency, minPrice, maxPrice } = filter
  const tests = new Map<FilterKind, Test>()
  if (category !== undefined) {
    const within = codesWithin(listed, category)
    tests.set('category', (course) => within[course.category] === 1)
  }
  if (level !== undefined) tests.set('level', is('level', codes.level.codeOf(level)))
  if (language !== undefined) tests.set('language', is('language', codes.language.codeOf(language)))
  if (tag !== undefined) {
    const wanted = tag.map(codes.tags.codeOf)
    tests.set('tags', ({ tags }) => wanted.every((code) => tags.includes(code)))
  }
  if (free !== undefined || currency !== undefined) {
    const [least, most] = [minPrice ?? 0, maxPrice ?? Number.MAX_SAFE_INTEGER]
    tests.set(
      'price',
      (course) =>
        (free === undefined || free === (course.currency === '')) &&
        (currency === undefined || course.currency === '' || course.currency === currency) &&
        least <= course.amount &&
        course.amount <= most,
    )
  }
  return tests
}

/** A code that nothing has is that of no course, also of none that says nothing. */
function is(key: 'level' | 'language', code: number): Test {
  return (course) => code >= 0 && course[key] === code
}

/** 1 for the codes of a category, by id or slug, and of those below it. */
function codesWithin({ categories, codes }: ListedCourses, wanted: string): Uint8Array {
  const within = new Set<string>()
  const childrenOf = Map.groupBy(categories, ({ parent_id }) => parent_id)
  const take = (id: string) => {
    within.add(id)
    for (const child of childrenOf.get(id) ?? []) take(child.id)
  }
  for (const { id, slug } of categories) if (slug === wanted || id === wanted.toLowerCase()) take(id)
  return Uint8Array.from(codes.category.values, (id) => (within.has(id) ? 1 : 0))
}
