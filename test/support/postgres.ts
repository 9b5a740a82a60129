import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/platform/database/migrate.ts'
import { createLog } from '../../src/platform/log.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The server; its database `lectern_template` is migrated and cloned for each world. */
    postgresUrl: string
  }
}

// Losing the test database in a power cut is fine.
const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }

/** Starts one PostgreSQL for the whole run and migrates the template that every test file clones. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = createLog('warn')
  const folder = await mkdtemp(join(tmpdir(), 'lectern-test-'))
  // A server of one's own, such as an older version, by TEST_DATABASE_URL; its account may create databases.
  const given = process.env.TEST_DATABASE_URL
  const server = given
    ? { url: given, stop: async () => undefined }
    : await (await import('../../src/platform/database/embedded.ts')).openEmbedded({
        dataDir: folder,
        log,
        settings: fast,
      })
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query('drop database if exists lectern_template')
  await client.query('create database lectern_template')
  await client.end()
  await migrate({ url: databaseUrl(server.url, 'lectern_template'), log })
  project.provide('postgresUrl', server.url)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

export function databaseUrl(server: string, database: string): string {
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.href
}
