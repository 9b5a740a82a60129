import { type Role, roles } from './actor.ts'
import type { Faults } from './settings.ts'

const factors: Readonly<Record<string, number>> = { MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 }

/** What a person of each role may upload in all, in bytes. */
export type Quotas = Readonly<Record<Role, number>>

const standard: Quotas = {
  student: 1024 ** 3,
  parent: 1024 ** 3,
  instructor: 200 * 1024 ** 3,
  admin: 1024 ** 4,
}

/** Reads `student=500MB,instructor=2TB` from `MEDIA_QUOTAS`; a role that is not said keeps its standard. */
export function readQuotas(said: readonly string[], faults: Faults): Quotas {
  const read = said.map((part) => {
    const [, name, count, unit = ''] = /^(\w+)\s*=\s*(\d{1,6})\s*([MGT]B)$/.exec(part) ?? []
    const role = roles.find((candidate) => candidate === name)
    if (!role)
      faults.add(
        'MEDIA_QUOTAS',
        `must be such as student=500MB,instructor=2TB (${roles.join(', ')}), not "${part}"`,
      )
    return role ? { [role]: Number(count) * (factors[unit] ?? 1) } : {}
  })
  return Object.assign({}, standard, ...read)
}
