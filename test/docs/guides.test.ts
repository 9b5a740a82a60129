import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { type Block, blocksOf, read, root } from './documents.ts'

/**
 * The guides make one module, `goals`, page by page. Here it is put together of their blocks, as it is when the last page is done: type-checked
 * where it would stand, served beside the other modules, and tested by the guides' own tests.
 */
const pages = ['add-a-module.md', 'add-an-endpoint.md', 'add-an-event.md', 'add-a-migration.md'] as const
const blocks = pages.flatMap((page) => blocksOf(`docs/how-to/${page}`))
const taken = new Set<Block>()

/** The block that begins so, of the page; or its part for a file (`// queries.ts: …`). */
function take(page: (typeof pages)[number], begins: string, part?: string): string {
  const block = blocks.find(({ file, text }) => file.endsWith(page) && text.includes(begins))
  if (!block) throw new Error(`${page} has no block with ${begins}`)
  taken.add(block)
  if (part === undefined) return block.text
  const parts = block.text.split(/^\/\/ (?=[\w-]+\.ts\b)/m)
  const found = parts.find((one) => one.startsWith(part)) ?? expect.fail(`${begins} has no part ${part}`)
  return found.slice(found.indexOf('\n') + 1)
}

/** What an editor adds: where a name of ours comes from. */
const places: Readonly<Record<string, string>> = {
  'kysely:': 'Selectable',
  typebox: 'Type',
  'typebox:': 'Static',
  vitest: 'afterAll beforeAll expect it',
  '../../platform/actor.ts:': 'Actor Cause',
  '../../platform/database/database.ts:': 'Db Tx',
  '../../platform/database/schema.ts:': 'Goals',
  '../../platform/deps.ts:': 'Deps',
  '../../platform/events/events.ts': 'defineUnheardEvent on publish',
  '../../platform/http/app.ts:': 'App',
  '../../platform/http/guard.ts': 'actorOf',
  '../../platform/http/pagination.ts': 'isIdKey pageQuery readPage toPage',
  '../../platform/http/policy.ts': 'related signedIn',
  '../../platform/http/refusal.ts': 'notFound refuse',
  '../../platform/http/refusal.ts:': 'RefusalKind',
  '../../platform/http/schemas.ts': 'Closed Page Time responses',
  '../../platform/ids.ts': 'Id newId',
  '../../platform/jobs/jobs.ts': 'addJob defineJob handle',
  '../../platform/module.ts:': 'Module',
  '../../platform/money.ts': 'MoneySchema',
  // The guide has it exported from the door first.
  '../accounts/events.ts': 'userRegistered',
  '../accounts/factory.ts': 'makePerson',
  '../../../test/matrix/cast.ts:': 'Sample Scene',
  '../../../test/privacy/columns.ts': 'readColumns',
  '../../../test/support/databases.ts': 'ask',
  '../../../test/support/world.ts': 'createWorld',
  '../../../test/support/world.ts:': 'World',
}

const route = take('add-an-endpoint.md', "'/goals/:id/reach',").trimEnd()
const reach = take('add-an-endpoint.md', 'export async function reachGoal')
const publishes = take('add-an-event.md', 'goal.reached', 'reach-goal.ts').trim()
const migrations = [
  take('add-a-module.md', 'create table goals'),
  take('add-a-migration.md', 'alter table goals'),
  // What another day's column is.
  'alter table goals add column link_hash bytea;',
  take('add-a-migration.md', 'goals.link_hash'),
].join('\n')

const bodies: Readonly<Record<string, string>> = {
  'schemas.ts': `${take('add-a-module.md', '// schemas.ts', 'schemas.ts')}
export const GoalList = Page(Goal)`,
  'errors.ts': take('add-an-endpoint.md', 'alreadyReached: RefusalKind'),
  'queries.ts': `${take('add-a-module.md', '// schemas.ts', 'queries.ts').replace(
    /^const columns = .*\n/m,
    take('add-a-migration.md', 'const columns'),
  )}
${take('add-an-endpoint.md', 'export function lockGoal')}
export async function deleteOpenGoal(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('goals').where('id', '=', id).where('reached_at', 'is', null).execute()
}
export function listGoals(db: Db, userId: string, limit: number): Promise<GoalRow[]> {
  return db.selectFrom('goals').select(columns).where('user_id', '=', userId).orderBy('id').limit(limit).execute()
}`,
  // As the first page has it, before the third gives it a cause and a job.
  'first-set-goal.ts': take('add-a-module.md', '// schemas.ts', 'set-goal.ts'),
  'set-goal.ts': `const lapsesAt = (at: Date) => new Date(at.getTime() + 90 * 86_400_000)
${take('add-an-event.md', 'export async function setGoal')}
  const { userId, at } = cause
  const goal = await insertGoal(tx, { id: newId(), user_id: userId, title: input.title.trim(), created_at: at })
  ${take('add-an-event.md', '// jobs.ts', 'set-goal.ts')}
  return goal
}`,
  'reach-goal.ts': reach.replace(/^ {2}return /m, `  ${publishes}\n  return `),
  'present.ts': take('add-a-module.md', '// schemas.ts', 'present.ts'),
  'routes.ts': `const tags = ['Goals']
${take('add-a-module.md', 'export function goalRoutes').replace(
  /\}\n$/,
  `${route}
  app.get(
    '/goals',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'listGoals',
        summary: 'Own goals',
        tags,
        querystring: Closed(pageQuery),
        response: responses({ 200: GoalList }),
      },
    },
    async (request) => {
      const { limit } = readPage(request.query, isIdKey)
      const rows = await listGoals(db, actorOf(request).userId, limit + 1)
      const { items, nextCursor } = toPage(rows, limit, ({ id }) => id)
      return { items: items.map(presentGoal), nextCursor }
    },
  )
}
`,
)}`,
  'events.ts': `${take('add-an-event.md', 'goal.reached', 'events.ts')}${take('add-an-event.md', 'goal.awarded')}`,
  'subscribers.ts': take('add-an-event.md', '// subscribers.ts', 'subscribers.ts'),
  'jobs.ts': take('add-an-event.md', '// jobs.ts', 'jobs.ts'),
  'first-module.ts': take('add-a-module.md', 'export const goals: Module'),
  'module.ts': take('add-an-event.md', 'export const goals: Module'),
  'samples.ts': `export const samples: Record<string, (scene: Scene) => Promise<Sample>> = {
${take('add-an-endpoint.md', "'POST /api/goals/:id/reach'")}}`,
  'goals.test.ts': `let world: World
beforeAll(async () => {
  world = await createWorld()
  await ask(world.databaseUrl, ${JSON.stringify(migrations)})
})
afterAll(() => world.close())
${take('add-a-module.md', 'const newPerson')}
${take('add-an-endpoint.md', '200 once, when asked twice')}
${take('add-an-event.md', 'sets one first goal')}
it('each column says what it holds of people', () => readColumns(world.database.pool))
it('the sample of the matrix is a request that succeeds', async () => {
  const student = await makePerson(world.deps)
  const sample = samples['POST /api/goals/:id/reach']
  // biome-ignore lint/suspicious/noExplicitAny: of the scene it takes these two
  const { params } = (await sample?.({ world, cast: { student } } as any)) ?? {}
  const { status } = await world.client.as(student.accessToken).post(\`/api/goals/\${params?.id}/reach\`)
  expect(status).toBe(200)
})`,
}

const exported = (text: string) =>
  [...text.matchAll(/^export (?:async )?(const|function|type|interface) (\w+)/gm)].map(
    ([, kind, name = '']) => ({
      name,
      isType: kind === 'type' || kind === 'interface',
    }),
  )

/** A file with its imports. */
function whole(name: string): string {
  const body = bodies[name] ?? ''
  const code = body.replaceAll(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\/\/.*|\/\*[\s\S]*?\*\//g, "''")
  const own = new Set(
    [...body.matchAll(/^ *(?:export )?(?:async )?(?:const|function|type|interface|let) (\w+)/gm)].map(
      ([, it]) => it,
    ),
  )
  const uses = (word: string) => !own.has(word) && new RegExp(`(?<![.\\w])${word}\\b(?!:)`).test(code)
  const lines = Object.entries(places).flatMap(([place, names]) => {
    const used = names.split(' ').filter(uses)
    const how = place.endsWith(':') ? 'import type' : 'import'
    return used.length > 0 ? [`${how} { ${used.join(', ')} } from '${place.replace(/:$/, '')}'`] : []
  })
  for (const [file, text] of Object.entries(bodies)) {
    if (file === name || file.startsWith('first-')) continue
    const all = exported(text)
    const used = all.filter(({ name: one }) => uses(one))
    const names = new Set(used.map(({ name: one }) => one))
    const said = [...names].map((one) =>
      all.some(({ name: other, isType }) => other === one && !isType) ? one : `type ${one}`,
    )
    if (said.length > 0) lines.push(`import { ${said.join(', ')} } from './${file}'`)
  }
  return `${lines.join('\n')}\n\n${body}`
}

const files = Object.fromEntries(Object.keys(bodies).map((name) => [name, whole(name)]))
const folder = await mkdtemp(join(tmpdir(), 'lectern-goals-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the module of the guides', async () => {
  // Where it lies, its imports lead out of the folder by whole paths.
  for (const [name, text] of Object.entries(files))
    await writeFile(
      join(folder, name),
      text
        .replaceAll("from '../../../test/", `from '${root}/test/`)
        .replaceAll("from '../../", `from '${root}/src/`)
        .replaceAll("from '../", `from '${root}/src/modules/`),
    )
  // No stand-in: the list as it is, and the new module in its place.
  vi.doMock('../../src/modules.ts', async (original) => {
    const { modules } = await original<typeof import('../../src/modules.ts')>()
    const { goals } = await import(join(folder, 'module.ts'))
    return { modules: [...modules, goals] }
  })
  await import(join(folder, 'goals.test.ts'))

  it('has no fault of types', { timeout: 240_000 }, () => {
    const at = join(root, 'src/modules/goals')
    const schema = join(root, 'src/platform/database/schema.ts')
    const overlay = new Map(Object.entries(files).map(([name, text]) => [join(at, name), text]))
    // What `npm run generate` writes of the two migrations.
    overlay.set(
      schema,
      `${read('src/platform/database/schema.ts').replace(/export interface DB \{/, '$&\n  goals: Goals;')}
export interface Goals { created_at: Timestamp; id: string; note: string | null; reached_at: Timestamp | null; title: string; user_id: string }`,
    )
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root)
    const host = ts.createCompilerHost(options)
    const { fileExists, readFile, getSourceFile, directoryExists = () => false } = host
    host.directoryExists = (path) => path === at || directoryExists(path)
    host.fileExists = (path) => overlay.has(path) || fileExists(path)
    host.readFile = (path) => overlay.get(path) ?? readFile(path)
    host.getSourceFile = (path, target, ...rest) => {
      const text = overlay.get(path)
      return text === undefined
        ? getSourceFile(path, target, ...rest)
        : ts.createSourceFile(path, text, target)
    }
    const program = ts.createProgram([...overlay.keys()], options, host)
    const faults = [...overlay.keys()].flatMap((path) => {
      const source = program.getSourceFile(path)
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
        ({ messageText }) =>
          `${path.slice(at.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
      )
    })
    expect(faults).toEqual([])
  })

  it('is made of files that the guides list, and these are all there are', () => {
    const made = new Set([...Object.keys(files), 'README.md', '0042_goals.sql', '0043_goals_notes.sql'])
    for (const page of pages) {
      const listed = take(page, '')
      for (const [, path = '', rest = ''] of listed.matchAll(/^(\S+) +(.*)$/gm)) {
        const names = path.endsWith('/goals/') ? rest.split(/ +/) : [path]
        for (const name of names) {
          const known = made.has(name.split('/').at(-1) ?? '') || existsSync(join(root, name))
          expect({ page, name, known }).toEqual({ page, name, known: true })
        }
      }
    }
  })

  it('is made of every block of the guides', () =>
    expect(blocks.filter((block) => !taken.has(block)).map(({ file, line }) => `${file}:${line}`)).toEqual(
      [],
    ))
})
