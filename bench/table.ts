import type { Aim, RequestPlan } from './plan.ts'
import type { Finding } from './programs.ts'
import type { RequestFigures } from './requests.ts'

const word = (met: boolean | null) => (met === null ? '' : met ? 'met' : '**not met**')
const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`

/** Markdown. Requests a second, p50 and p99 are of the large school. */
export function requestTable(figures: readonly RequestFigures[]): string {
  const head = [
    'What',
    'at once',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'of the floor',
    'floor/s',
    'CPU ms (floor)',
    'statements',
    'large/small p50',
    'aim',
    '',
  ]
  const rows = figures.map((figure) => {
    const { plan, large, floor, statements, cpuMs, floorCpuMs, ofFloor, growth } = figure
    return line([
      plan.name,
      plan.concurrency,
      Math.round(large.perSecond),
      large.p50.toFixed(1),
      large.p99.toFixed(1),
      ofFloor.toFixed(2),
      Math.round(floor.perSecond),
      `${cpuMs.toFixed(2)} (${floorCpuMs.toFixed(2)})`,
      statements.toFixed(1),
      growth.toFixed(2),
      describeAim(plan.aim),
      word(missed(figure).length === 0) + (missed(figure).length > 0 ? `: ${missed(figure).join(', ')}` : ''),
    ])
  })
  return [line(head), line(head.map(() => '---')), ...rows].join('\n')
}

export function findingTable(findings: readonly Finding[]): string {
  const rows = findings.map(({ name, value, aim, met }) => line([name, value, aim, word(met)]))
  return [line(['What', '', 'aim', '']), line(['---', '---', '---', '---']), ...rows].join('\n')
}

/** Which parts of its aim a measurement misses. */
export function missed({
  plan: { aim },
  ofFloor,
  large,
  statements,
  growth,
}: Pick<RequestFigures, 'ofFloor' | 'large' | 'statements' | 'growth'> & {
  plan: Pick<RequestPlan, 'aim'>
}): string[] {
  return [
    ...(aim.ofFloor !== undefined && ofFloor < aim.ofFloor ? ['floor'] : []),
    ...(aim.p99 !== undefined && large.p99 > aim.p99 ? ['p99'] : []),
    // What the server asks by itself now and then is in the count as well.
    ...(aim.statements !== undefined && Math.round(statements) > aim.statements ? ['statements'] : []),
    ...(growth > aim.growth ? ['growth'] : []),
  ]
}

function describeAim({ ofFloor, p99, statements, growth }: Aim): string {
  return [
    ...(ofFloor === undefined ? [] : [`floor x ${ofFloor}`]),
    ...(p99 === undefined ? [] : [`p99 ${p99} ms`]),
    ...(statements === undefined ? [] : [`${statements} statements`]),
    `growth ${growth}`,
  ].join(', ')
}
