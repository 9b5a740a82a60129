import type { IncomingMessage } from 'node:http'

/** Other names the field uses for our paths. The same handlers answer them; the reference lists only ours. */
const paths: readonly [pattern: RegExp, path: string][] = [
  [/^\/api\/v1(?=[/?]|$)/, '/api'],
  [/^\/api\/modules(?=[/?]|$)/, '/api/sections'],
  [/^\/api\/lectures(?=[/?]|$)/, '/api/lessons'],
  [/^(\/api\/courses\/[^/?]+)\/lectures(?=[/?]|$)/, '$1/lessons'],
  [/^\/api\/progress\/lecture(?=[/?]|$)/, '/api/progress/lesson'],
  [/^\/api\/payments\/create-order(?=[/?]|$)/, '/api/payments/create'],
  [/^\/api\/auth\/refresh_token(?=[/?]|$)/, '/api/auth/refresh'],
]

/** Whether any of them can be meant: most requests use our names. */
const anyOther = new RegExp(paths.map(([{ source }]) => source).join('|'))

/** GETs that older clients send where a POST is meant. */
const posts = /^\/api\/auth\/(?:refresh|logout)(?=[/?]|$)/
const askedAsGet = /\/auth\/(?:refresh_token|logout)(?=[/?]|$)/

/** Rewrites a request's method and path to the ones the routes are registered under. */
export function resolveSynonyms(request: IncomingMessage): string {
  const asked = request.url ?? '/'
  let url = asked
  if (anyOther.test(asked)) for (const [pattern, path] of paths) url = url.replace(pattern, path)
  if (request.method === 'GET' && askedAsGet.test(asked) && posts.test(url)) request.method = 'POST'
  return url
}
