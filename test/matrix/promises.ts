import type { Policy } from '../../src/platform/http/policy.ts'
import { type Persona, personas } from './cast.ts'

/** Who stands in a relation to the things of a scene. A word that is not here fails the suite: say what it means. */
const relations: Readonly<Record<string, readonly Persona[]>> = {
  public: personas,
  any: personas.filter((persona) => persona !== 'nobody'),
  bearer: personas.filter((persona) => persona !== 'nobody'),
  self: ['student'],
  enrolled: ['student'],
  owner: ['instructor', 'admin'],
  'enrolled, owner': ['student', 'instructor', 'admin'],
  'enrolled, owner; anyone if preview': ['student', 'instructor', 'admin'],
  'parent of that child': ['parent'],
  'its student, owner': ['student', 'instructor', 'admin'],
  'its student, admin': ['student', 'admin'],
  'its student': ['student'],
  'its student, owner, parent': ['student', 'instructor', 'admin', 'parent'],
  uploader: ['instructor'],
  'uploader, admin': ['instructor', 'admin'],
  'friends, or teacher and student of one course': ['student'],
  'its two people': ['student', 'instructor'],
  'who is called': ['student'],
  'as what it belongs to': ['instructor', 'admin'],
}

/** What the policy promises a persona: in, or out and by which status. */
export function promiseOf(
  { who, token, roles }: Policy,
  persona: Persona,
): { in: boolean; statuses: number[] } {
  if (persona === 'nobody' && token === 'required') return { in: false, statuses: [401] }
  const role = persona === 'nobody' ? null : roleOf(persona)
  if (roles && !roles.some((allowed) => allowed === role)) return { in: false, statuses: [403] }
  if (roles && who === roles.join(' or ')) return { in: true, statuses: [] }
  const holders = relations[who]
  if (!holders) throw new Error(`"${who}" is not among the relations of the matrix: add who stands in it.`)
  if (holders.includes(persona)) return { in: true, statuses: [] }
  return { in: false, statuses: persona === 'nobody' ? [401] : [403, 404] }
}

function roleOf(persona: Exclude<Persona, 'nobody'>): string {
  return persona.replace(/^other/, '').toLowerCase()
}
