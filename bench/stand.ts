import { join } from 'node:path'
import { hash } from '@node-rs/bcrypt'
import pg from 'pg'
import { createAccessTokens } from '../src/modules/accounts/access-tokens.ts'
import type { Role } from '../src/platform/actor.ts'
import { migrate } from '../src/platform/database/migrate.ts'
import { newId } from '../src/platform/ids.ts'
import { createLog } from '../src/platform/log.ts'
import { freePort, type ServerProcess, startServer } from '../test/support/server.ts'
import { type BuiltSchool, buildSchool, type SchoolSize } from './school.ts'

const secret = 'a secret that is long enough for the bench only'
const tokens = createAccessTokens([secret], 86_400)

/** Of everybody who can sign in with one. */
export const password = 'a long password'
export const webhookSecret = 'what the simulator signs with, in the bench'
const withPassword = 200

/** A built school and the real server of it, in a process of its own. Background jobs wait. */
export interface Stand {
  readonly url: string
  readonly origin: string
  readonly school: BuiltSchool
  readonly server: ServerProcess
  /** Of the bench itself, to choose whom to ask as. */
  readonly client: pg.Client
  /** Addresses of people who have a password. */
  readonly emails: readonly string[]
  stop(): Promise<void>
}

export async function openStand(options: {
  server: string
  name: string
  size: SchoolSize
  folder: string
}): Promise<Stand> {
  const url = new URL(options.server)
  const admin = new pg.Client(options.server)
  await admin.connect()
  await admin.query(`create database ${options.name}`)
  await admin.end()
  url.pathname = options.name
  await migrate({ url: url.href, log: createLog('warn') })
  const school = await buildSchool(url.href, options.size)
  const client = new pg.Client(url.href)
  await client.connect()
  const { rows } = await client.query<{ email: string }>(
    `update users set password_hash = $1 where id in (select id from users where role = 'student' order by id limit $2) returning email`,
    [await hash(password, { cost: 12 }), withPassword],
  )
  const { origin, server } = await startSchool(url.href, join(options.folder, options.name), { JOBS: 'off' })
  return {
    url: url.href,
    origin,
    school,
    server,
    client,
    emails: rows.map(({ email }) => email),
    async stop() {
      await server.stop()
      await client.end()
    },
  }
}

export async function startSchool(
  url: string,
  data: string,
  env: Record<string, string>,
): Promise<{ origin: string; server: ServerProcess }> {
  const port = await freePort()
  const given = {
    DATABASE_URL: url,
    ACCESS_TOKEN_SECRET: secret,
    SIMULATOR_WEBHOOK_SECRET: webhookSecret,
    WEB_CONCURRENCY: '1',
  }
  const server = await startServer({ data, port, env: { ...given, ...env } })
  return { origin: `http://127.0.0.1:${port}`, server }
}

/** An access token as the server makes them, of a session of its own. */
export function bearerOf(sub: string, role: Role): string {
  return tokens.issue({ sub, role, sid: newId() }, new Date()).token
}
