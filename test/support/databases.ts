import pg from 'pg'
import { inject } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import { databaseUrl } from './postgres.ts'

/** Databases of a test's own on the shared server. */
export interface Databases {
  /** A new one without anything in it; its address. @param owner a role that was made before */
  make(owner?: { name: string; password: string }): Promise<string>
  /** A role that is no superuser; dropped at the end. */
  makeRole(rights: 'createdb' | 'nocreatedb'): Promise<{ name: string; password: string }>
  /** The names of a role's databases. */
  ownedBy(owner: { name: string }): Promise<unknown[]>
  drop(): Promise<void>
}

/** Asks once, on a connection of its own. */
export async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

export function createDatabases(): Databases {
  const made: string[] = []
  const roles: string[] = []
  const server = inject('postgresUrl')
  const password = 'only for tests'
  return {
    async make(owner) {
      const name = `own_${newId().replaceAll('-', '')}`
      made.push(name)
      await ask(server, `create database ${name} ${owner ? `owner ${owner.name}` : ''}`)
      const url = new URL(databaseUrl(server, name))
      if (owner) Object.assign(url, { username: owner.name, password: owner.password })
      return url.href
    },
    async makeRole(rights) {
      const name = `role_${newId().replaceAll('-', '')}`
      roles.push(name)
      await ask(server, `create role ${name} login ${rights} password '${password}'`)
      return { name, password }
    },
    async ownedBy({ name }) {
      const rows = await ask(
        server,
        `select datname::text as name from pg_database where pg_get_userbyid(datdba) = '${name}' order by 1`,
      )
      return rows.map((row) => row.name)
    },
    async drop() {
      for (const name of made) await ask(server, `drop database if exists ${name} with (force)`)
      for (const name of roles) await ask(server, `drop role ${name}`)
    },
  }
}
