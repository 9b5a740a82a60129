import fc from 'fast-check'
import type { Sample } from './cast.ts'

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.constantFrom(
    '',
    '\0',
    '\ud800',
    '__proto__',
    'x'.repeat(300),
    "' or 1=1 --",
    '../../etc/passwd',
    '=1+1',
  ),
  fc.uuid(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
)
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-1, 0, 2 ** 31, 2 ** 53, 1e300))

/** What may stand anywhere in JSON. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  text,
  number,
  fc.constantFrom(null, true, [], {}),
  fc.jsonValue({ maxDepth: 2 }),
)

/** A value like this one, with something in it taken away, added, or become something else. */
export function nearly(value: unknown): fc.Arbitrary<unknown> {
  const change = fc.record({ at: fc.nat(30), how: fc.constantFrom('put', 'drop', 'add'), with: junk })
  return fc.oneof(
    { weight: 1, arbitrary: junk },
    { weight: 6, arbitrary: change.map((made) => changed(structuredClone(value), made)) },
  )
}

type Holder = Record<string, unknown>

function changed(
  root: unknown,
  { at, how, with: other }: { at: number; how: string; with: unknown },
): unknown {
  const places = placesIn(root)
  const place = places[at % Math.max(1, places.length)]
  if (!place) return how === 'add' && isHolder(root) ? Object.assign(root, { unknown: other }) : other
  const { holder, name } = place
  if (how === 'drop') Array.isArray(holder) ? holder.splice(Number(name), 1) : delete holder[name]
  else holder[how === 'add' && !Array.isArray(holder) ? 'unknown' : name] = other
  return root
}

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null

function placesIn(value: unknown): { holder: Holder; name: string }[] {
  if (!isHolder(value)) return []
  return Object.keys(value).flatMap((name) => [{ holder: value, name }, ...placesIn(value[name])])
}

const bytes = fc.uint8Array({ maxLength: 60 }).map((some) => Buffer.from(some).toString('latin1'))
const part = fc.constantFrom(
  '--b\r\n',
  '--b--\r\n',
  '\r\n',
  '\r\n--b',
  'content-disposition: form-data; name="file"; filename="a.png"\r\n',
  'content-disposition: form-data; name="file"\r\n',
  'content-type: image/png\r\n',
  '\x89PNG\r\n\x1a\n',
)
/** The parts of a form, in whatever order, with whatever between them (RFC 7578). */
const form = fc
  .array(fc.oneof(part, bytes), { maxLength: 8 })
  .map(
    (parts) => new Blob([Buffer.from(parts.join(''), 'latin1')], { type: 'multipart/form-data; boundary=b' }),
  )

const json = { 'content-type': 'application/json' }

function bodyLike(body: unknown): fc.Arbitrary<Pick<Sample, 'body' | 'headers'>> {
  if (body instanceof FormData) return form.map((body) => ({ body }))
  if (body instanceof Blob) return bytes.map((some) => ({ body: new Blob([some], { type: body.type }) }))
  return nearly(body ?? {}).map((value) => ({ body: JSON.stringify(value), headers: json }))
}

const inHeader = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map((said) => said.trim()),
  fc.constantFrom('*', '"1"', 'W/"1', '"7", "', 'bytes=0-', 'bytes=5-1', 'text/csv;q=x', 'a,'.repeat(100)),
)
const header = fc.constantFrom(
  'if-match',
  'if-none-match',
  'if-range',
  'range',
  'accept',
  'accept-language',
  'idempotency-key',
)
/** A cursor, as far as one can see from outside: any JSON, as lists encode theirs. */
const cursor = junk.map((value) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url'))
const inQuery = fc.oneof(text, cursor, number.map(String)).map((said) => said.toWellFormed())

/**
 * A request nearly like this one: its body, query, parameters and headers, each as it should be or not.
 * @param queries the names of the fields that the query of the route has
 */
export function requestLike(
  sample: Sample,
  method: string,
  queries: readonly string[],
): fc.Arbitrary<Sample> {
  const params = Object.fromEntries(
    Object.entries(sample.params ?? {}).map(([name, right]) => [
      name,
      fc.oneof(
        { weight: 5, arbitrary: fc.constant(right) },
        { weight: 1, arbitrary: inQuery.map((said) => encodeURIComponent(said || 'x')) },
      ),
    ]),
  )
  return fc
    .record({
      params: fc.record(params),
      query: fc.dictionary(fc.constantFrom('unknown', ...queries, ...queries), inQuery, { maxKeys: 3 }),
      headers: fc.dictionary(header, inHeader, { maxKeys: 2 }),
      sent: method === 'GET' ? fc.constant({}) : bodyLike(sample.body),
    })
    .map(({ params, query, headers, sent }) => ({
      ...sent,
      params,
      query: { ...sample.query, ...query },
      headers: { ...sample.headers, ...headers, ...(sent as Sample).headers },
    }))
}
