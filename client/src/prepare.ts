import type { CallOptions } from './call.ts'
import { formOf } from './files.ts'
import { newKey } from './new-key.ts'
import type { Operation } from './operation.ts'
import type { Prepared } from './send.ts'

type Fields = Readonly<Record<string, unknown>>

/** Makes a request of what a method was called with. */
export function prepare(
  baseUrl: string,
  operation: Operation,
  args: readonly unknown[],
  { ifMatch, idempotencyKey, timeoutMs }: CallOptions,
  usualTimeoutMs: number,
): Prepared {
  const { method, pathParameters, body: kind, words } = operation
  const path = args
    .slice(0, pathParameters)
    .reduce<string>(
      (path, value) => path.replace(/\{\w+\}/, encodeURIComponent(String(value))),
      operation.path,
    )
  const input = args[pathParameters]
  const parts = split(operation, input)
  const headers: Record<string, string> = {
    accept: operation.answer === 'csv' ? 'text/csv' : 'application/json, */*;q=0.5',
    ...parts.headers,
  }
  if (kind === 'json' && parts.body !== undefined) headers['content-type'] = 'application/json'
  if (kind === 'text') headers['content-type'] = 'text/csv'
  if (kind === 'bytes') headers['content-type'] = 'application/offset+octet-stream'
  if (ifMatch !== undefined) headers['if-match'] = ifMatch
  const takesKey = words.has('key')
  if (takesKey) headers['idempotency-key'] = idempotencyKey ?? newKey()
  return {
    method,
    url: `${baseUrl}${path.startsWith('//') ? path.slice(1) : `/api${path}`}${queryOf(parts.query)}`,
    headers,
    body: bodyOf(kind, parts.body),
    // A refresh token may be used again for ten seconds, so that an answer that was lost does not end the session. What is changed only as it
    // was read would be refused the second time because of the first.
    repeatable:
      takesKey ||
      ['GET', 'DELETE'].includes(method) ||
      (method === 'PUT' && ifMatch === undefined) ||
      path === '/auth/refresh',
    // Nothing but these knows the cookie of the refresh token.
    credentials: path.startsWith('/auth/') ? 'include' : 'same-origin',
    answer: operation.answer,
    // How long a file takes depends on the file.
    timeoutMs: timeoutMs ?? (kind === 'form' || kind === 'bytes' ? 0 : usualTimeoutMs),
  }
}

function split({ body: kind, headers, query }: Operation, input: unknown) {
  if (kind !== undefined && headers.length === 0 && query.length === 0)
    return { headers: {}, query: {}, body: input }
  const fields = Object.entries((input ?? {}) as Fields).filter(([, value]) => value !== undefined)
  const nameOf = (field: string) =>
    headers.find((header) => header.replaceAll('-', '') === field.toLowerCase())
  const sent: Record<string, string> = {}
  const asked: Record<string, unknown> = {}
  const said: Record<string, unknown> = {}
  for (const [field, value] of fields) {
    const header = nameOf(field)
    if (header) sent[header] = String(value)
    else if (kind === undefined || query.includes(field)) asked[field] = value
    else said[field] = value
  }
  return { headers: sent, query: asked, body: kind === 'json' || kind === 'form' ? said : said.body }
}

/** An array is a parameter that is given several times. */
function queryOf(fields: Fields): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one))
  }
  const text = query.toString()
  return text && `?${text}`
}

function bodyOf(kind: string | undefined, body: unknown): Prepared['body'] {
  if (body === undefined) return null
  if (kind === 'form') return formOf(body as Fields)
  return kind === 'json' ? JSON.stringify(body) : (body as string | Blob)
}
