import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { modules } from '../src/modules.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const files = ['src', 'test', 'demo', 'bench', 'client', 'db'].flatMap((folder) => list(folder))
const isGenerated = (path: string) => path.endsWith('/schema.ts') || path.startsWith('client/src/generated/')
const sources = files.filter((path) => path.endsWith('.ts') && !isGenerated(path))
const program = sources.filter((path) => path.startsWith('src/') && !isTest(path))
const moduleNames = modules.map(({ name }) => name)

function list(folder: string): string[] {
  const here = join(root, folder)
  if (!statSync(here, { throwIfNoEntry: false })) return []
  return readdirSync(here, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}

function isTest(path: string): boolean {
  return /(\.test|\/factory|\/test-[a-z-]+)\.ts$/.test(path)
}

/** Comments and texts may say what code may not. */
function codeOf(path: string): string {
  return read(path)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
}

const offenders = (paths: string[], pattern: RegExp) => paths.filter((path) => pattern.test(codeOf(path)))

describe('the house', () => {
  it('has no file over 400 lines, no test over 600', () => {
    const tooLong = sources.filter(
      (path) => read(path).split('\n').length > (path.endsWith('.test.ts') ? 601 : 401),
    )
    expect(tooLong).toEqual([])
  })

  it('keeps most files small: median at most 60 lines, 95th percentile at most 250', () => {
    const lengths = program.map((path) => read(path).split('\n').length).sort((a, b) => a - b)
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(60)
    expect(lengths[Math.floor(lengths.length * 0.95)]).toBeLessThanOrEqual(250)
  })

  it('has no folder or file whose name hides what is inside', () => {
    expect(
      files.filter((path) => /(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.[a-z]+$)/.test(path)),
    ).toEqual([])
  })

  it('reads the environment in one place', () => {
    expect(offenders(program, /process\.env/)).toEqual(['src/platform/config.ts'])
  })

  it('takes the time from the injected clock wherever it decides', () => {
    const decides = program.filter((path) => path.startsWith('src/modules/'))
    expect(offenders(decides, /new Date\(\)|Date\.now\(\)|(?<!clock\.)\bnow\(\)/)).toEqual([])
  })

  it('writes to the console nowhere, and skips or singles out no test', () => {
    expect(offenders(program, /console\./)).toEqual([])
    expect(
      offenders(
        sources.filter((path) => path.endsWith('.test.ts')),
        /\b(it|describe|test)\.(only|todo)\(/,
      ),
    ).toEqual([])
  })
})

describe('modules', () => {
  it('are exactly the folders of src/modules, each in its own', () => {
    const folders = readdirSync(join(root, 'src/modules')).sort()
    expect([...moduleNames].sort()).toEqual(folders)
  })

  it('stand in the same order in .dependency-cruiser.cjs, which walls them off by it', () => {
    const order = /const order = \[([^\]]*)\]/.exec(read('.dependency-cruiser.cjs'))?.[1] ?? ''
    expect([...order.matchAll(/'(\w+)'/g)].map(([, name]) => name)).toEqual(moduleNames)
  })

  it('number each migration once', () => {
    const numbers = list('db/migrations').map((path) => path.split('/').at(-1)?.slice(0, 4))
    expect(numbers).toEqual([...new Set(numbers)])
  })

  it.each(moduleNames)('%s says what it is (README.md) and is flat', (name) => {
    const entries = readdirSync(join(root, 'src/modules', name), { withFileTypes: true })
    expect(entries.filter((entry) => entry.isDirectory())).toEqual([])
    expect(entries.map((entry) => entry.name)).toEqual(expect.arrayContaining(['README.md', 'module.ts']))
  })

  it('declare unique names of jobs, subscribers and events', () => {
    const jobs = modules.flatMap((module) => module.jobs ?? []).map(({ job }) => job.name)
    const subscribers = modules.flatMap((module) => module.subscribers ?? []).map(({ name }) => name)
    const events = program.flatMap((path) =>
      [...codeOf(path).matchAll(/define(?:Unheard)?Event\(\s*'([^']+)'/g)].map((match) => match[1]),
    )
    for (const names of [jobs, subscribers, events]) expect(names).toEqual([...new Set(names)])
    expect(events.filter((name) => !/^[a-z_]+\.[a-z_]+$/.test(name ?? ''))).toEqual([])
  })

  it('say of just those events that nobody subscribes to that they are unheard, and cost no job', () => {
    const heard = new Set(modules.flatMap((module) => module.subscribers ?? []).map(({ type }) => type))
    const defined = program.flatMap((path) => [
      ...codeOf(path).matchAll(/define(Unheard)?Event\(\s*'([^']+)'/g),
    ])
    expect(defined.length).toBeGreaterThan(heard.size)
    const wrong = defined.filter(([, unheard, type = '']) => heard.has(type) === (unheard !== undefined))
    expect(wrong.map(([, , type]) => type)).toEqual([])
  })

  it('open transactions at the edge only: routes, pages, socket requests, jobs, bearers and the program', () => {
    // The simulator stands for the outside world, and has no other place for its books. Intake of a file, and what asks a gateway or a model, is
    // two transactions with a network between them.
    const edge =
      /(routes|pages|jobs|realtime|bearers|factory|^simulator|^intake|^open-checkout|^ask-and-settle|^ask-and-record)\.ts$/
    const inner = program.filter((path) => path.startsWith('src/modules/') && !edge.test(basename(path)))
    expect(offenders(inner, /\btransact(Once)?\(/)).toEqual([])
  })

  it('take a transaction for every write, never an optional one', () => {
    expect(offenders(program, /tx\?:|tx: Tx \| (undefined|null)|tx: Db/)).toEqual([])
    const writes =
      /export (?:async )?function (?:insert|update|delete|lock|upsert)[A-Z]\w*(?:<[^>]*>)?\((?!\s*tx: Tx)/
    expect(
      offenders(
        program.filter((path) => path.endsWith('queries.ts')),
        writes,
      ),
    ).toEqual([])
  })

  it('only find, count and the like with a plain handle: what is named otherwise takes a transaction', () => {
    const named =
      /export (?:async )?function\*? (?!find|count|is|has|select|search|list|read|sum|export|within)(\w+)(?:<[^>]*>)?\(\s*db: Db/
    expect(
      offenders(
        program.filter((path) => path.startsWith('src/modules/') && path.endsWith('queries.ts')),
        named,
      ),
    ).toEqual([])
  })

  it('bound what they read by a number or a parameter: a limit that varies by row crashes PostgreSQL 18.4 as a whole', () => {
    // Within a lateral join: an incremental sort that was begun without a bound, and is gone over again with one.
    const varying =
      /\blimit\s+(?:\(|case\b|coalesce\b|nullif\b|least\b|greatest\b|"?[a-z_]+"?\.)|\.limit\(\s*sql\b/i
    for (const crashes of [
      'limit case when',
      'limit\n (select',
      'limit least(',
      'limit e.most',
      '.limit(sql<',
    ])
      expect(crashes).toMatch(varying)
    for (const fine of ['limit $1', 'limit 1', '.limit(limit)', 'limit all', 'a limit of time'])
      expect(fine).not.toMatch(varying)
    expect(offenders(program, varying)).toEqual([])
    const migrations = files.filter((path) => path.endsWith('.sql'))
    expect(migrations.filter((path) => varying.test(read(path).replaceAll(/--.*$/gm, '')))).toEqual([])
  })

  it('touch the tables they own; only reports joins across owners', () => {
    const owners = new Map(
      list('db/migrations').flatMap((path) => {
        const owner = /\d+_([a-z]+)/.exec(basename(path))?.[1] ?? ''
        return [...read(path).matchAll(/create table (?:if not exists )?(\w+)/g)].map(
          (match) => [match[1] ?? '', owner] as const,
        )
      }),
    )
    const used =
      /(?:selectFrom|insertInto|updateTable|deleteFrom|[iI]nnerJoin|[lL]eftJoin)\(\s*\[?\s*'(\w+)|\b(?:from|join|into|update) (\w+)\b/g
    const trespasses = program
      .filter((path) => /^src\/(modules|commands)\//.test(path) && !path.startsWith('src/modules/reports/'))
      .flatMap((path) => {
        const name = dirname(relative('src/modules', path))
        const tables = [...codeOf(path).matchAll(used)].map((match) => match[1] ?? match[2] ?? '')
        return tables
          .filter(
            (table) => owners.has(table) && owners.get(table) !== name && owners.get(table) !== 'platform',
          )
          .map((table) => `${path}: ${table} belongs to ${owners.get(table)}`)
      })
    expect([...new Set(trespasses)]).toEqual([])
  })
})
