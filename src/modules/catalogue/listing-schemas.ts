import { type Static, Type } from 'typebox'
import { pageQuery } from '../../platform/http/pagination.ts'
import { Closed } from '../../platform/http/schemas.ts'
import { Id } from '../../platform/ids.ts'
import { Category, CourseLevel } from './schemas.ts'

const Amount = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

const filters = {
  q: Type.Optional(
    Type.String({
      maxLength: 200,
      description:
        'Words of the title, subtitle, tags, lesson titles or description, in any order, accents left out: whole, their beginnings, other English forms of them, or misspelled a little. All of them must be there; of more than eight words the first eight count.',
      examples: ['javscript basics'],
    }),
  ),
  category: Type.Optional(
    Type.String({ maxLength: 80, description: 'Slug or id; what is below it is included.' }),
  ),
  level: Type.Optional(CourseLevel),
  language: Type.Optional(
    Type.String({ maxLength: 35, description: 'A BCP 47 tag, however it is written.', examples: ['pt-BR'] }),
  ),
  tag: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 50 }), {
      maxItems: 10,
      description: 'Whatever the case of its letters. Given several times: courses with all of them.',
    }),
  ),
  instructor: Type.Optional({ ...Id, description: 'The id of a person: the courses that they teach.' }),
  free: Type.Optional(Type.Boolean()),
  currency: Type.Optional(
    Type.String({
      pattern: '^[A-Z]{3}$',
      description: 'Courses sold in this currency, and the free ones unless `minPrice` is above 0.',
    }),
  ),
  minPrice: Type.Optional({ ...Amount, description: 'In minor units of `currency`, which it needs.' }),
  maxPrice: Type.Optional({ ...Amount, description: 'In minor units of `currency`, which it needs.' }),
}

export const FacetQuery = Closed(filters)
export type CatalogueFilter = Static<typeof FacetQuery>

export const Sort = Type.Enum(['relevance', 'newest', 'popular', 'rating', 'price', 'price_desc'], {
  description:
    '`relevance` (where `q` is given, the default) or `newest` (else); `popular`: by enrollments that were ever active; `rating`: by average, then by number of reviews; `price`: free courses first, then by currency and amount; `price_desc`: the other way round.',
})
export type Sort = Static<typeof Sort>

export const CatalogueQuery = Closed({
  ...pageQuery,
  // A search that was misspelled keeps in it what it was understood as.
  cursor: Type.Optional({
    ...Type.String({ maxLength: 8_000 }),
    description: 'The `nextCursor` of the page before.',
  }),
  ...filters,
  sort: Type.Optional(Sort),
})

const Count = Type.Integer({ minimum: 0 })
const Counted = Type.Object({ value: Type.String(), count: Count })

export const Facets = Type.Object(
  {
    total: Type.Integer({ minimum: 0, description: 'Courses that all filters leave.' }),
    categories: Type.Array(Type.Object({ ...Category.properties, count: Count }), {
      description: 'A category counts what is below it too.',
    }),
    levels: Type.Array(Counted),
    languages: Type.Array(Counted),
    tags: Type.Array(Counted, { description: 'The 30 most frequent.' }),
    prices: Type.Array(Type.Object({ value: Type.Enum(['free', 'paid']), count: Count })),
  },
  { description: 'Each kind counts with the other filters applied, but not its own.' },
)
export type Facets = Static<typeof Facets>
