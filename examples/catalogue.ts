import type { CourseCard } from '../client/src/index.ts'
import { element, form } from './element.ts'
import { priceOf } from './price.ts'
import type { School } from './school.ts'

/** Browse: the newest courses, or those that a search finds. */
export async function catalogueView({ client, fail }: School): Promise<HTMLElement> {
  const list = element('ul', {})
  const fill = ({ items }: { items: CourseCard[] }) =>
    list.replaceChildren(
      ...items.map((course) =>
        element(
          'li',
          {},
          element('a', { href: `#/courses/${course.id}` }, course.title),
          ` ${priceOf(course)}, by ${course.instructors.map(({ name }) => name).join(', ')}`,
        ),
      ),
    )
  fill(await client.courses.list())
  const search = form(
    [{ name: 'q', type: 'search', placeholder: 'Search', required: false }],
    { Search: async ({ q }) => fill(await client.courses.list(q ? { q } : {})) },
    fail,
  )
  return element('section', {}, element('h1', {}, 'Courses'), search, list)
}
