import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, globSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { oneOfEach } from '../../src/modules/assessments/factory.ts'
import { readQuizFile } from '../../src/modules/assessments/folder-texts.ts'
import { readConfig } from '../../src/platform/config.ts'
import type { FolderFault } from '../../src/platform/module.ts'
import { ask, createDatabases } from '../support/databases.ts'
import { type Client, httpClient } from '../support/http.ts'
import { openModelServer } from '../support/model-server.ts'
import { startS3Server } from '../support/s3-server.ts'
import { freePort } from '../support/server.ts'
import { faultsOfMermaid, pathsOfTree } from './diagrams.ts'
import { type Block, blocksOf, documents, isRoute, read, root } from './documents.ts'
import { asOneModule, faultsOfTypes, runProgram, withPackages } from './programs.ts'
import { assignments, paste } from './shell.ts'

/** How a block is held to what it says: run here, or by a test that reads it from its document, or not at all, for a reason. */
type Way = { readonly file: string; readonly has: RegExp } & (
  | { run(block: Block): Promise<void> | void }
  | { readonly by: string }
  | { readonly cannot: string }
)

const databases = createDatabases()
let folder: string
let env: Record<string, string>
let url: string
let started: ChildProcess
let said = ''
let database: string
let closing: (() => Promise<unknown>)[] = []
const people: Record<string, Client> = {}
const tokens: Record<string, string> = {}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lectern snippets-'))
  const [port, store, model] = await Promise.all([freePort(), startS3Server(), openModelServer()])
  database = await databases.make()
  closing = [() => store.close(), () => model.close()]
  url = `http://127.0.0.1:${port}`
  env = {
    ...model.env,
    PORT: String(port),
    LECTERN_DATA: join(folder, 'data'),
    DATABASE_URL: database,
    RATE_LIMITS: 'off',
    STRIPE_SECRET_KEY: 'sk_test_of_the_documents',
    STRIPE_WEBHOOK_SECRET: 'whsec_of_the_documents',
    RAZORPAY_KEY_ID: 'rzp_test_documents',
    RAZORPAY_KEY_SECRET: 'secret of the documents',
    RAZORPAY_WEBHOOK_SECRET: 'another of the documents',
    S3_ENDPOINT: store.endpoint,
    S3_BUCKET: store.bucket,
    S3_REGION: store.region,
    S3_ACCESS_KEY_ID: store.accessKeyId,
    S3_SECRET_ACCESS_KEY: store.secretAccessKey,
    BACKUP_TARGET: join(folder, 'backups'),
    WEBHOOKS_ALLOW_PRIVATE: 'on',
  }
  // As the README says; npm hands signals on to nobody, so what it starts is a group.
  const { PATH = '', HOME = '' } = process.env
  started = spawn('npm', ['start'], { cwd: root, env: { PATH, HOME, ...env }, detached: true, stdio: 'pipe' })
  for (const stream of [started.stdout, started.stderr]) stream?.on('data', (chunk) => (said += chunk))
  await vi.waitFor(
    () => {
      if (started.exitCode !== null) throw new Error(said)
      expect(said).toContain('Lectern is up')
    },
    { timeout: 90_000, interval: 50 },
  )
  for (const role of ['student', 'instructor', 'parent', 'admin']) {
    const { body } = await httpClient(url).post('/api/auth/login', {
      email: `${role}@demo.example`,
      password: 'lectern-demo',
    })
    tokens[role] = body.accessToken
    people[role] = httpClient(url).as(body.accessToken)
  }
  await withPackages(folder)
}, 120_000)
afterAll(async () => {
  if (started?.pid !== undefined && started.exitCode === null) {
    const ended = once(started, 'close')
    process.kill(-started.pid, 'SIGTERM')
    await ended
  }
  for (const close of closing) await close()
  await databases.drop()
  await rm(folder, { recursive: true, force: true })
})

/** Pastes a block into a shell where the variables of the server are set and `lectern` is installed. */
const inShell = (script: string, more: Record<string, string> = {}) =>
  paste(`lectern() { node '${join(root, 'bin/lectern.js')}' "$@"; }\n${script}`, {
    cwd: folder,
    env: { ...env, LOG_LEVEL: 'warn', ...more },
  })

const person = (role: string) => people[role] ?? expect.fail(`nobody is ${role}`)

/** Variables that the configuration takes as they stand, with what people fill in filled in. */
function isConfiguration({ text }: Block, filled: Record<string, string> = {}): void {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const given = Object.fromEntries(
    Object.entries(assignments(text)).map(([name, value]) => [
      name,
      value.includes('PUBLIC KEY')
        ? publicKey.export({ type: 'spki', format: 'pem' }).toString()
        : value.replace('<your school>', 'school.example').replace(/…$/, 'abc'),
    ]),
  )
  const readme = read('README.md')
  expect(Object.keys(given).filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
  readConfig({ LECTERN_DATA: folder, ...given, ...filled })
}

/** A diagram that Mermaid draws, whose requests and pushes there are. */
function isDrawn({ text }: Block): void {
  expect(faultsOfMermaid(text)).toEqual([])
  const requests = [...text.matchAll(/\b(GET|POST) (\/\S+[^\s,)])/g)]
  expect(requests.filter(([, method = '', path = '']) => !isRoute(method, path)).map(([one]) => one)).toEqual(
    [],
  )
  const asyncapi = read('asyncapi.json')
  for (const [, name] of text.matchAll(/: (call:\w+)/g)) expect(asyncapi).toContain(`"${name}"`)
}

/** Fragments of TypeScript that no compiler can know the names of: they are at least TypeScript. */
function isSyntax(text: string): void {
  const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true })
  expect(diagnostics.map(({ messageText }) => messageText)).toEqual([])
}

/** Curls of a guide, against the server in place of the school. */
async function asksTheSchool({ text }: Block, role = 'admin'): Promise<string> {
  return inShell(text.replaceAll(/https:\/\/(<your school>|school\.example)/g, url), {
    TOKEN: tokens[role] ?? '',
  })
}

const ways: readonly Way[] = [
  {
    file: 'README.md',
    has: /^npm start /,
    // The first is what the server here was started by, the second is what runs this test.
    run: ({ text }) => {
      expect(text.match(/^npm \w+/gm)).toEqual(['npm start', 'npm test'])
      for (const place of ['/docs/', '/example', '/dev/mailbox', 'student@demo.example', '/claim?token='])
        expect(said).toContain(place)
    },
  },
  { file: 'README.md', has: /\$api|^api=/, by: 'test/journeys/readme.test.ts' },
  {
    file: 'ARCHITECTURE.md',
    has: /^lectern\//,
    run: ({ text }) => {
      const paths = pathsOfTree(text)
      expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
      // Nothing that one would look for in it is missing.
      for (const parent of ['src', 'src/platform', 'src/modules'])
        for (const name of foldersIn(parent)) expect(paths).toContain(`${parent}/${name}/`)
    },
  },
  {
    file: 'CONTRIBUTING.md',
    has: /^npm test --/,
    run: async ({ text }) => {
      // Listed and not run: they are run beside this one.
      const listing = text
        .replaceAll('npm test --', 'node bin/run.js vitest list --run')
        .replaceAll(/$/gm, '')
      const lines = listing.trim().split('\n')
      const listed = await Promise.all(lines.map((line) => paste(`cd '${root}'\n${line}`, { cwd: root })))
      for (const one of listed) expect(one).toMatch(/\.test\.ts > /)
    },
  },
  {
    file: 'STYLE.md',
    has: /./,
    run: ({ text }) => isSyntax(text.replaceAll(/^\./gm, 'query.').replaceAll('…)', 'run)')),
  },

  { file: 'client/README.md', has: /^\/\/ school\.ts/, by: 'client/test/readme.test.ts' },
  // Type-checked and, but for the calls, run as one program, below.
  { file: 'client/README.md', has: /^(?!\/\/ school)/, run: runsAsProgram },

  { file: 'docs/assistant.md', has: /^event: delta/, run: tellsSummaries },
  { file: 'docs/calls.md', has: /^sequenceDiagram/, run: isDrawn },
  { file: 'docs/calls.md', has: /^apt-get install coturn/, by: 'src/modules/calls/ice-servers.test.ts' },
  { file: 'docs/calls.md', has: /^STUN_URLS/, run: (block) => isConfiguration(block) },
  {
    file: 'docs/certificates.md',
    has: /^import \{ createPublicKey/,
    by: 'src/modules/certificates/verify.test.ts',
  },
  {
    file: 'docs/certificates.md',
    has: /^https:\/\/school\.example\/verify\//,
    run: async ({ text }) => {
      const { pathname, hash } = new URL(text.trim().replace('…', ''))
      expect((await fetch(`${url}${pathname}`)).headers.get('content-type')).toContain('text/html')
      expect(
        JSON.parse(
          Buffer.from(hash.slice(1), 'base64url')
            .toString()
            .replace(/[^}]*$/, '') || '{}',
        ),
      ).toEqual({})
    },
  },
  { file: 'docs/course-folders.md', has: /^knots\//, run: drawsCourseFolder },
  {
    file: 'docs/course-folders.md',
    has: /^title: Which knot/,
    run: ({ text }) => {
      const faults: FolderFault[] = []
      const bank = [...oneOfEach].map((question) => ({ ...question, tags: ['ropes'] }))
      readQuizFile({ path: 'exam.yaml', text }, bank, faults)
      expect(faults).toEqual([])
    },
  },

  { file: 'docs/deployment.md', has: /^# \/etc\/systemd/, by: 'test/journeys/guides.test.ts' },
  {
    file: 'docs/deployment.md',
    has: /^# \/etc\/lectern\.env/,
    run: (block) => isConfiguration(block, { ACCESS_TOKEN_SECRET: 'f00d'.repeat(16) }),
  },
  {
    file: 'docs/deployment.md',
    has: /^# \/etc\/caddy/,
    run: ({ text }) => {
      const { port } = readConfig({ LECTERN_DATA: folder })
      expect(text).toContain(`reverse_proxy 127.0.0.1:${port}\n`)
      expect(text.split('{').length).toBe(text.split('}').length)
    },
  },
  // They need Docker: each names services, and options, that there are.
  { file: 'docs/deployment.md', has: /^docker compose|^cp deploy/, by: 'test/journeys/guides.test.ts' },
  { file: 'docs/deployment.md', has: /^(scrape_configs|groups):/, by: 'test/journeys/guides.test.ts' },

  {
    file: 'docs/how-to/sign-in-with-an-outside-provider.md',
    has: /^(CLERK|OIDC)_/,
    run: (block) =>
      isConfiguration(
        block,
        block.text.startsWith('OIDC') ? { OIDC_JWKS_URL: 'https://id.example/keys' } : {},
      ),
  },
  { file: 'docs/how-to/sign-in-with-an-outside-provider.md', has: /^const bearer/, run: syncsUser },
  {
    file: 'docs/how-to/sign-in-with-an-outside-provider.md',
    has: /user\.primary_email_address/,
    run: ({ text }) => expect(Object.keys(JSON.parse(text))).toEqual(['email', 'email_verified', 'name']),
  },
  { file: 'docs/how-to/add-a-migration.md', has: /./, by: 'test/docs/guides.test.ts' },
  { file: 'docs/how-to/add-a-module.md', has: /./, by: 'test/docs/guides.test.ts' },
  { file: 'docs/how-to/add-an-endpoint.md', has: /./, by: 'test/docs/guides.test.ts' },
  { file: 'docs/how-to/add-an-event.md', has: /./, by: 'test/docs/guides.test.ts' },

  {
    file: 'docs/media.md',
    has: /^\{ "Rules"|^\[\{ "AllowedOrigins"/,
    run: async ({ text }) => {
      const type = text.startsWith('{') ? 'BucketLifecycleConfiguration' : 'CORSRule[]'
      const program = `import type { BucketLifecycleConfiguration, CORSRule } from '@aws-sdk/client-s3'
const given: ${type} = ${text}
export type Used = typeof given | BucketLifecycleConfiguration | CORSRule`
      expect(await faultsOfTypes(folder, { 'rules.ts': program })).toEqual([])
    },
  },
  {
    file: 'docs/media.md',
    has: /^lectern media migrate/,
    run: async (block) => {
      const printed = await inShell(block.text)
      expect(printed).toMatch(/^Copied [1-9]\d* files .*; 0 were there[\s\S]*^Copied 0 files .*; [1-9]/m)
    },
  },
  { file: 'docs/media.md', has: /^const upload = new tus\.Upload/, run: uploadsInParts },
  {
    file: 'docs/notifications.md',
    has: /"digest"/,
    run: async ({ text }) => {
      const { status, body } = await person('student').put('/api/notifications/preferences', JSON.parse(text))
      expect({ status, body }).toMatchObject({ status: 200, body: { digest: 'daily' } })
    },
  },
  { file: 'docs/operations.md', has: /^lectern|^journalctl/, run: operates },

  { file: 'docs/payments.md', has: /^(sequence|state)Diagram/, run: isDrawn },
  {
    file: 'docs/payments.md',
    has: /checkout\.razorpay\.com/,
    cannot:
      "the script is Razorpay's own, on its own site; what it hands over is what test/journeys/buy-with-razorpay.test.ts verifies",
  },
  { file: 'docs/payments.md', has: /^(STRIPE|RAZORPAY)_/, run: (block) => isConfiguration(block) },
  {
    file: 'docs/payments.md',
    has: /^curl https:\/\/<your school>/,
    run: async (block) => {
      const printed = await asksTheSchool(block)
      expect(printed).toContain(
        block.text.includes('razorpay') ? `"publicKey":"${env.RAZORPAY_KEY_ID}"` : '"name":"stripe"',
      )
      expect(printed).toContain('"code":"invalid_signature"')
      expect(printed).toContain('{"received":true}')
    },
  },
  {
    file: 'docs/payments.md',
    has: /ledger_entries/,
    run: async ({ text }) => {
      const statements = text
        .replaceAll('<id>', crypto.randomUUID())
        .split(/;\n/)
        .filter((one) => one.trim())
      expect(statements).toHaveLength(6)
      for (const statement of statements) await ask(database, statement)
    },
  },
  { file: 'docs/realtime.md', has: /socket\.io-client/, run: sendsMessage },
  { file: 'docs/security.md', has: /Lectern ──▶/, cannot: 'a drawing of who trusts whom' },
  {
    file: 'docs/webhooks.md',
    has: /^curl -X POST/,
    run: async (block) =>
      expect(
        JSON.parse((await asksTheSchool(block)).replace(/^[^{]*/, '').replace(/[^}]*$/, '')),
      ).toMatchObject({ secret: expect.stringMatching(/^whsec_/) }),
  },
  { file: 'docs/webhooks.md', has: /^POST \/lectern HTTP/, run: isSigned },
  { file: 'docs/webhooks.md', has: /^import \{ createHmac/, by: 'src/modules/webhooks/event-types.test.ts' },
]

const blocks = documents.flatMap(blocksOf)
const wayOf = (block: Block) => ways.filter(({ file, has }) => file === block.file && has.test(block.text))

describe.each(documents.filter((path) => blocksOf(path).length > 0))('%s', (path) => {
  it.each(blocksOf(path).map((block) => [block.line, block.language, block] as const))(
    'line %i %s',
    { timeout: 180_000 },
    async (_line, _language, block) => {
      const [way, ...more] = wayOf(block)
      if (!way || more.length > 0)
        throw new Error(`${more.length + (way ? 1 : 0)} ways fit this block:\n${block.text}`)
      if ('run' in way) await way.run(block)
      else if ('by' in way)
        expect(read(way.by)).toContain(
          path
            .replace(/^client\//, '')
            .split('/')
            .at(-1),
        )
      else expect(way.cannot).toMatch(/\w+ \w+/)
    },
  )
})

it('every way is of a block that there is', () => {
  const idle = ways.filter((way) => !blocks.some((block) => wayOf(block)[0] === way))
  expect(idle.map(({ file, has }) => `${file} ${has}`)).toEqual([])
})

function foldersIn(path: string): string[] {
  const files = globSync(`${path}/*/`, { cwd: root })
  return files.map((file) => file.split(/[\\/]/).at(-1) ?? '')
}

/** The blocks of client/README.md are parts of one program, with between them what a reader would have. */
let clientProgram: Promise<void> | undefined
async function runsAsProgram(): Promise<void> {
  clientProgram ??= runClientReadme()
  await clientProgram
}
async function runClientReadme(): Promise<void> {
  const student = (await person('student').get('/api/users/me')).body.id
  const { body: course } = await person('instructor').get('/api/courses/version-control-with-git')
  const { body: outline } = await person('instructor').get(`/api/courses/${course.id}/outline`)
  const begin = [
    `const show = (...said: unknown[]) => console.log(...said)`,
    'const showCourse = show, begin = show',
    `const [to, userId, userIds] = ['${student}', '${student}', ['${student}']]`,
    `const [courseId, lessonId] = ['${course.id}', '${outline.sections[0].lessons[0].id}']`,
    `const [email, password] = ['instructor@demo.example', 'lectern-demo']`,
    `const file = new File(['%PDF-1.4\\n%%EOF\\n'], 'sheet.pdf', { type: 'application/pdf' })`,
    'const { signal } = new AbortController()',
  ].join('\n')
  const parts = blocksOf('client/README.md')
    .map(({ text }) => text.replace('https://api.school.example', url))
    .filter((text) => !text.startsWith('// school.ts'))
  const calls = parts.findIndex((text) => text.includes('openCalls'))
  const signIn = 'await client.auth.login({ email, password })'
  const glued = parts
    .slice(0, calls)
    .flatMap((text, index) => (index === 0 ? [text, signIn] : /logout/.test(text) ? [text, signIn] : [text]))
  const browser = `const answerButton = document.createElement('button')\n${parts[calls]}`
  expect(
    await faultsOfTypes(folder, {
      'client.ts': asOneModule([begin, ...glued, browser]),
    }),
  ).toEqual([])
  const end = `console.log({ items: items.length, media: media.fileName, enrollment, status: realtime.status })\nprocess.exit(0)`
  const printed = await runProgram(folder, 'client-run.ts', asOneModule([begin, ...glued, end]))
  expect(printed).toContain("media: 'sheet.pdf'")
}

/** The program of a block in JavaScript, between what its reader has and what shows how it went. */
function asProgram({ text }: Block, begin: string, end: string): string {
  return asOneModule([begin, text.replaceAll('https://school.example', url), end])
}

async function uploadsInParts(block: Block): Promise<void> {
  const begin = `import * as tus from 'tus-js-client'
const accessToken = '${tokens.instructor}'
const show = (said) => console.log('there:', said)
const explain = (error) => { throw error }
const file = Object.assign(Buffer.from('%PDF-1.4\\n%%EOF\\n'), { name: 'sheet.pdf', type: 'application/pdf' })`
  expect(await runProgram(folder, 'tus.mjs', asProgram(block, begin, ''))).toMatch(
    /there: http.*\/api\/media\/uploads\/\S+/,
  )
}

async function sendsMessage(block: Block): Promise<void> {
  const to = (await person('student').get('/api/users/me')).body.id
  const begin = `const currentAccessToken = () => '${tokens.instructor}'
const [show, explain, to] = [console.log, console.error, '${to}']`
  const end = 'console.log(reply)\nsocket.close()'
  expect(await runProgram(folder, 'realtime.mjs', asProgram(block, begin, end))).toContain('ok: true')
}

/** Clerk is not here: a session of ours stands for one of theirs. */
async function syncsUser(block: Block): Promise<void> {
  const begin = `const api = '${url}/api'\nconst clerk = { session: { getToken: async () => '${tokens.student}' } }`
  const printed = await runProgram(folder, 'clerk.mjs', asProgram(block, begin, 'console.log(user)'))
  expect(printed).toContain('student@demo.example')
}

async function tellsSummaries({ text }: Block): Promise<void> {
  const { body: course } = await person('student').get('/api/courses/version-control-with-git')
  const { body } = await person('student').get(`/api/courses/${course.id}/outline`)
  const answer = await person('student').post(
    '/api/ai/summarize',
    { lessonId: body.sections[0].lessons[0].id },
    { headers: { accept: 'text/event-stream' } },
  )
  expect(answer.status).toBe(200)
  const told = [...text.matchAll(/^event: (\w+) +data: (.*)$/gm)].map(([, name, data]) => ({ name, data }))
  const came = [...answer.body.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, name, data]) => ({
    name,
    data,
  }))
  expect(came.map(({ name }) => name)).toEqual(expect.arrayContaining(['delta', 'done']))
  for (const { name, data } of came) {
    const shown = told.find((one) => one.name === name)?.data ?? expect.fail(`${name} is not told of`)
    for (const field of Object.keys(JSON.parse(data))) expect(shown).toContain(`"${field}"`)
  }
}

function drawsCourseFolder({ text }: Block): void {
  const kind = (path: string) =>
    path
      .replace(/^[^/]+\//, '')
      .replace(/\d\d-[^/.]+/g, '00-x')
      .replace(/^files\/[^.]+/, 'files/x')
  const drawn = pathsOfTree(text).map((path) => kind(`knots/${path}`))
  // The demo school is made of such folders.
  const written = globSync('*/**/*.*', { cwd: join(root, 'demo/courses') })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('/files/'))
  expect(written.length).toBeGreaterThan(10)
  expect(written.filter((path) => !drawn.includes(kind(path)))).toEqual([])
}

/** The example is signed with the secret that is said beside it, in both ways. */
function isSigned({ text, file }: Block): void {
  const [head = '', body = ''] = text.trimEnd().split('\n\n')
  const headers = Object.fromEntries(
    head
      .split('\n')
      .slice(1)
      .map((line) => line.split(': ')),
  )
  const [secret = ''] = /whsec_\w+/.exec(read(file)) ?? []
  const mac = (key: string | Buffer, said: string) => createHmac('sha256', key).update(said)
  const [id, at] = [headers['webhook-id'], headers['webhook-timestamp']]
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  expect(headers['webhook-signature']).toBe(`v1,${mac(key, `${id}.${at}.${body}`).digest('base64')}`)
  expect(headers['x-lectern-signature']).toBe(`t=${at},v1=${mac(secret, `${at}.${body}`).digest('hex')}`)
  expect(JSON.parse(body).id).toBe(id)
}

const gatewaysOff = {
  STRIPE_SECRET_KEY: '',
  STRIPE_WEBHOOK_SECRET: '',
  RAZORPAY_KEY_ID: '',
  RAZORPAY_KEY_SECRET: '',
  RAZORPAY_WEBHOOK_SECRET: '',
}

/** What an operator types, each line with what it is to show. */
async function operates({ text }: Block): Promise<void> {
  const { headers } = await person('admin').get('/api/users/me')
  const id = headers.get('x-request-id') ?? ''
  const log = join(folder, 'journal')
  await vi.waitFor(() => expect(said).toContain(id), 10_000)
  await writeFile(log, said)
  const empty = text.includes('restore') ? await databases.make() : ''
  for (const line of text.trimEnd().split('\n')) {
    const made = await readdir(join(folder, 'backups')).catch(() => [])
    const script = line
      .replace('/backups/', './backups/')
      .replace('FILE', `'${join(folder, 'backups', made[0] ?? '')}'`)
      .replace('019a', id)
    const other = {
      // They are out of reach, which the doctor would say.
      ...gatewaysOff,
      ...(line.includes('restore') ? { DATABASE_URL: empty, LECTERN_DATA: join(folder, 'restored') } : {}),
    }
    const printed = await inShell(`journalctl() { cat '${log}'; }\n${script}\necho "status $?"`, other)
    // No error has been logged, so grep finds none.
    const status = line.includes('(50|60)') ? 1 : 0
    expect({ line, printed }).toEqual({
      line,
      printed: expect.stringMatching(new RegExp(`status ${status}\\n$`)),
    })
  }
}
