import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { buildApp, realtimeParts } from '../src/app.ts'
import { readConfig } from '../src/platform/config.ts'
import { openEmbedded } from '../src/platform/database/embedded.ts'
import { migrate } from '../src/platform/database/migrate.ts'
import { describedApi } from '../src/platform/http/openapi.ts'
import { createLog } from '../src/platform/log.ts'
import { describeRealtime } from '../src/platform/realtime/asyncapi.ts'
import { openRuntime } from '../src/runtime.ts'
import { generateClient } from './client/generate-client.ts'
import { readPackages, renderLicenses } from './licenses/licenses.ts'
import { readColumns, writeColumns } from './privacy/columns.ts'

/**
 * Writes what is generated and committed: the column types (from the migrations), openapi.json (from the routes),
 * asyncapi.json (from the socket requests and pushes), of these two the types and the table of methods of the client, the table in
 * docs/privacy.md (from what the columns say of people), and docs/licences.md (from the lock of the dependencies).
 * With `--check` it writes nothing and fails where a committed file differs.
 */
const root = join(import.meta.dirname, '..')
const check = process.argv.includes('--check')
const log = createLog('warn')
const folder = await mkdtemp(join(tmpdir(), 'lectern-generate-'))
const server = await openEmbedded({ dataDir: folder, log, settings: { fsync: 'off' } })
let stale: string[] = []
try {
  await migrate({ url: server.url, log })
  const described = await openapi(server.url)
  const realtime = describeRealtime(realtimeParts())
  const documents = [
    await columnTypes(server.url),
    await keep('openapi.json', jsonText(described)),
    await keep('asyncapi.json', jsonText(realtime)),
    await privacy(server.url),
    await keep('docs/licences.md', renderLicenses(await readPackages(root))),
  ]
  stale = [...documents, ...(await client(described, realtime))].filter((name) => name !== null)
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
if (stale.length > 0) {
  process.stderr.write(`Stale: ${stale.join(', ')}. Run npm run generate and commit the result.\n`)
  process.exit(1)
}

async function columnTypes(url: string): Promise<string | null> {
  const name = 'src/platform/database/schema.ts'
  const out = join(folder, 'schema.ts')
  const main = createRequire(import.meta.url).resolve('kysely-codegen')
  const args = [join(dirname(main), 'cli/bin.js'), '--url', url, '--dialect', 'postgres', '--out-file', out]
  args.push('--numeric-parser', 'number', '--type-mapping', '{"int8":"number"}', '--log-level', 'error')
  args.push('--default-schema', 'public', '--include-pattern', 'public.*')
  args.push('--exclude-pattern', '(kysely_*|migration_checksum)')
  await promisify(execFile)(process.execPath, args, { cwd: root })
  return keep(name, await readFile(out, 'utf8'))
}

/** Where a column does not say what it holds of people, only a check fails: whoever is at work wants the types now. */
async function privacy(url: string): Promise<string | null> {
  const name = 'docs/privacy.md'
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const document = await readFile(join(root, name), 'utf8')
    return await keep(name, writeColumns(document, await readColumns(client)))
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    return check ? name : null
  } finally {
    await client.end()
  }
}

async function openapi(url: string): Promise<object> {
  const config = { ...readConfig({ LECTERN_DATA: folder, DATABASE_URL: url }), publicUrl: '' }
  const runtime = await openRuntime(config, log, url)
  const app = await buildApp(runtime.deps)
  const described = describedApi(app)
  await app.close()
  await runtime.close()
  return described
}

/** The typed client's types and table, of the documents as they are read by everybody else. */
async function client(openapi: object, asyncapi: object): Promise<(string | null)[]> {
  const files = generateClient(JSON.parse(jsonText(openapi)), JSON.parse(jsonText(asyncapi)))
  return Promise.all([...files].map(([name, text]) => keep(name, text)))
}

function jsonText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`
}

/** The name where the committed file differs from what was generated. */
async function keep(name: string, text: string): Promise<string | null> {
  const path = join(root, name)
  const committed = await readFile(path, 'utf8').catch(() => '')
  if (committed === text) return null
  if (check) return name
  await writeFile(path, text)
  process.stdout.write(`wrote ${name}\n`)
  return null
}
