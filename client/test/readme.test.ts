import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort, type ServerProcess, startServer } from '../../test/support/server.ts'

const root = join(import.meta.dirname, '..')
let folder: string
let port: number
let server: ServerProcess
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lectern-client-'))
  port = await freePort()
  server = await startServer({ data: join(folder, 'data'), port })
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

it('the built package runs the app of the README as it stands there', { timeout: 120_000 }, async () => {
  const app = join(folder, 'app')
  const installed = join(app, 'node_modules/@lectern/client')
  await mkdir(installed, { recursive: true })
  await run(root, [
    '../node_modules/typescript/bin/tsc',
    '-p',
    'tsconfig.build.json',
    '--outDir',
    join(installed, 'dist'),
  ])
  await symlink(join(root, 'package.json'), join(installed, 'package.json'))

  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const [, source = ''] = /```ts\n(\/\/ school\.ts\n[\s\S]*?)```/.exec(readme) ?? []
  expect(source.split('\n').length).toBeLessThan(70)
  await writeFile(join(app, 'school.ts'), source)
  const said = await run(app, ['school.ts'], { LECTERN: `http://127.0.0.1:${port}` })
  expect(said).toMatch(/found: \[ 'Bread \w+' \]/)
  expect(said).toContain('enrollment: pending')
  expect(said).toContain('before paying: not_enrolled')
  expect(said).toContain('# Patience 100%')
  expect(said).toContain('verified: true')
  expect((await stat(join(app, 'certificate.pdf'))).size).toBeGreaterThan(1_000)
})

/** Runs a program of Node.js to its end; what it said. */
async function run(cwd: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...env, PATH: process.env.PATH ?? '' },
    stdio: 'pipe',
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  child.stderr.on('data', (chunk) => (said += chunk))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${said}`)
  return said
}
