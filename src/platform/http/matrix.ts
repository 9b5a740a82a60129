import { type Role, roles } from '../actor.ts'
import type { Policy, RoutePolicy } from './policy.ts'

/** Who may do what, as the routes declare it: a Markdown table for the API reference. */
export function renderMatrix(routes: readonly RoutePolicy[]): string {
  const shown = routes.filter(({ hidden }) => !hidden)
  const rows = shown.map(({ method, url, policy }) => {
    const cells = [null, ...roles].map((role) => cellOf(policy, role))
    return `| \`${method} ${url}\` | ${cells.join(' | ')} |`
  })
  return [
    '## Who may do what',
    '',
    'Generated from the policy of each route, and tested cell by cell. A relation (`owner`, `enrolled`, `self` …) means: yes, if the thing asked for stands in it to the person.',
    '',
    `| Route | nobody | ${roles.join(' | ')} |`,
    `| --- | ${'--- | '.repeat(roles.length + 1).trim()}`,
    ...rows,
  ].join('\n')
}

const absolute = new Set(['public', 'any'])

function cellOf({ who, token, roles: allowed }: Policy, role: Role | null): string {
  if (role === null && token === 'required') return '401'
  if (role !== null && allowed && !allowed.includes(role)) return '403'
  const byRoleAlone = allowed !== null && who === allowed.join(' or ')
  return absolute.has(who) || byRoleAlone ? 'yes' : who
}
