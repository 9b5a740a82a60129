import pg from 'pg'
import { newId } from '../src/platform/ids.ts'

/** A source of numbers from 0 to 1, the same in every run (Mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const starts = [
  'ba',
  'co',
  'di',
  'fe',
  'gra',
  'hu',
  'in',
  'jo',
  'ka',
  'lo',
  'mi',
  'nu',
  'or',
  'pra',
  'qui',
  'sta',
]
const middles = ['bre', 'ca', 'do', 'fi', 'gu', 'la', 'me', 'ni', 'po', 'ru', 'sa', 'te', 'vo', 'wi']
const ends = ['n', 'r', 'st', 'l', 'm', 'ra', 'd', 't', 's', 'ing']
const vocabulary = starts.flatMap((a) => middles.flatMap((b) => ends.map((c) => a + b + c)))

export interface Catalogue {
  readonly slugs: readonly string[]
  readonly categories: readonly string[]
  /** Of all titles, in small letters, the most frequent first. */
  readonly words: readonly string[]
  readonly courses: readonly { readonly id: string; readonly title: string; readonly teacher: string }[]
}

/**
 * Fills an empty, migrated database with a catalogue of published courses of 20 lessons. "python" stands in the titles of every twelfth,
 * "kubernetes" in those of every 500th, "spreadsheet" in every third description and nowhere else.
 */
export async function fillCatalogue(url: string, courses: number): Promise<Catalogue> {
  const random = randomFrom(7)
  // Some words are said far more often than others.
  const word = () => vocabulary[Math.floor(vocabulary.length * random() ** 2)] ?? ''
  const words = (count: number) => Array.from({ length: count }, word).join(' ')
  const pick = <T>(list: readonly T[]) => list[Math.floor(list.length * random())] as T
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

  const teachers = Array.from({ length: 300 }, (_, n) => ({ id: newId(), name: capital(words(2)), n }))
  const categories = Array.from({ length: 48 }, (_, n) => ({ id: newId(), name: `Subject ${n}`, n }))
  const made = Array.from({ length: courses }, (_, n) => {
    const free = random() < 0.4
    return {
      id: newId(),
      slug: `course-${n}`,
      title: `${capital(words(3))}${n % 12 ? '' : ' with Python'}${n % 500 ? '' : ' and Kubernetes'}`,
      subtitle: `${capital(words(6))}`,
      description: `${words(80)} ${n % 3 ? '' : 'spreadsheet'} ${words(40)}`,
      category_id: pick(categories).id,
      level: pick(['beginner', 'intermediate', 'advanced']),
      language: pick(['en', 'en', 'en', 'hi', 'es', 'fr']),
      tags: [word(), word(), n % 4 ? 'practice' : 'programming'],
      price_amount: free ? null : 100 * Math.ceil(90 * random()),
      price_currency: free ? null : pick(['USD', 'INR', 'EUR']),
      published_at: new Date(Date.UTC(2026, 0, 1) + n * 60_000),
      teacher: pick(teachers).id,
    }
  })
  const sections = made.flatMap(({ id }) =>
    [1, 2, 3, 4].map((position) => ({ id: newId(), course_id: id, title: capital(words(2)), position })),
  )
  const lessons = sections.flatMap(({ id, course_id }) =>
    [1, 2, 3, 4, 5].map((position) => ({
      id: newId(),
      course_id,
      section_id: id,
      title: capital(words(4)),
      position,
    })),
  )

  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const insert = async (statement: string, rows: readonly unknown[]) => {
    for (let from = 0; from < rows.length; from += 20_000)
      await client.query(statement, [JSON.stringify(rows.slice(from, from + 20_000))])
  }
  await insert(
    `insert into users (id, email, name, role, created_at, updated_at)
     select id, 'teacher' || n || '@example.org', name, 'instructor', now(), now()
     from jsonb_to_recordset($1) as made (id uuid, name text, n int)`,
    teachers,
  )
  await insert(
    `insert into categories (id, name, slug, parent_id)
     select id, name, 'subject-' || n, case when n >= 8 then first_value(id) over (partition by n % 8 order by n) end
     from jsonb_to_recordset($1) as made (id uuid, name text, n int) order by n`,
    categories,
  )
  const said = `jsonb_to_recordset($1) as made (id uuid, slug text, title text, subtitle text, description text, category_id uuid,
    level course_level, language text, tags text[], price_amount bigint, price_currency text, published_at timestamptz, teacher uuid)`
  // As drafts first: what is searched is then put together once for each course.
  await insert(
    `insert into courses (id, slug, title, subtitle, description, category_id, level, language, tags, price_amount, price_currency,
       published_at, created_at, updated_at)
     select id, slug, title, subtitle, description, category_id, level, language, tags, price_amount, price_currency,
       published_at, published_at, published_at from ${said}`,
    made,
  )
  await insert(`insert into course_instructors select id, teacher, 'lead' from ${said}`, made)
  await insert(
    `insert into sections select * from jsonb_to_recordset($1) as made (id uuid, course_id uuid, title text, description text, position int)`,
    sections,
  )
  await insert(
    `insert into lessons (id, course_id, section_id, title, type, body, position, created_at, updated_at)
     select id, course_id, section_id, title, 'text', 'Read.', position, now(), now()
     from jsonb_to_recordset($1) as made (id uuid, course_id uuid, section_id uuid, title text, position int)`,
    lessons,
  )
  await client.query(`update courses set status = 'published'`)
  await client.query(
    `update course_stats set activations = (random() * 1000)::int,
       stars = array[(random() * 3)::int, (random() * 5)::int, (random() * 9)::int, (random() * 30)::int, (random() * 50)::int]`,
  )
  await client.query('vacuum analyze')
  await client.end()
  return {
    slugs: made.map(({ slug }) => slug),
    categories: categories.map(({ n }) => `subject-${n}`),
    words: mostFrequent(made.flatMap(({ title }) => title.toLowerCase().split(' '))),
    courses: made,
  }
}

function mostFrequent(words: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1)).map(([word]) => word)
}

/**
 * The same question in other words: adds signs, which mean nothing to a search, another for every number. They are ones that the server does
 * not leave out itself (catalogue/plain-words.ts), so that it has never been asked.
 */
export function disguise(path: string, n: number): string {
  const signs = [...n.toString(2)].map((digit) => '_~'.charAt(Number(digit))).join('')
  return path.includes('q=') ? path.replace(/q=[^&]*/, (words) => `${words}~${signs}`) : `${path}&q=~${signs}`
}
