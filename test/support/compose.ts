import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'

export interface Service {
  readonly image: string
  readonly build?: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { condition: string }>>
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean }
  readonly restart?: string
}

export interface Compose {
  readonly services: Record<string, Service>
  readonly volumes: Record<string, null>
}

const path = join(import.meta.dirname, '../../compose.yaml')

export async function readCompose(): Promise<Compose> {
  return parse(await readFile(path, 'utf8'), { merge: true })
}

/** What is needed in `.env`, filled in. */
export const filledIn = {
  SITE_HOST: 'school.example',
  MEDIA_HOST: 'media.school.example',
  TURN_HOST: 'turn.school.example',
  TURN_ADDRESS: '203.0.113.7',
  ...Object.fromEntries(
    [
      'POSTGRES_PASSWORD',
      'REPLICATION_PASSWORD',
      'ACCESS_TOKEN_SECRET',
      'S3_SECRET_ACCESS_KEY',
      'TURN_SECRET',
      'METRICS_TOKEN',
    ].map((name) => [name, 'f00d'.repeat(16)]),
  ),
}

/** `${NAME:-default}` and `${NAME:?why}` as Compose replaces them. https://docs.docker.com/reference/compose-file/interpolation/ */
export function interpolate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (_all, name: string, kind?: string, rest = '') => {
      const value = values[name]
      if (value) return value
      if (kind === '?') throw new Error(`${name} ${rest}`)
      return kind === '-' ? rest : ''
    },
  )
}

/** The environment of a service as Compose would hand it over. */
export function environmentOf(
  { environment = {} }: Service,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, interpolate(value, values)]),
  )
}
