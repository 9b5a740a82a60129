import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, type ServerProcess, startServer } from '../support/server.ts'

let data: string
let server: ServerProcess
let port: number
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'lectern readme-'))
  port = await freePort()
  server = await startServer({ data, port, env: { LECTERN_DEMO: 'on' } })
})
afterAll(async () => {
  await server.stop()
  await rm(data, { recursive: true, force: true })
})

/** The lines of the tour's code blocks, to be pasted one after the other. */
async function tourOf(readme: string): Promise<string[]> {
  const text = await readFile(readme, 'utf8')
  const tour = text.slice(text.indexOf('## A tour'), text.indexOf('## The command line'))
  return [...tour.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.trim().split('\n'))
}

/** Pastes lines into one shell, as a reader would; what each printed, by line. */
async function paste(lines: readonly string[]): Promise<string[]> {
  const { PATH = '' } = process.env
  const shell = spawn('bash', ['-s'], {
    cwd: data,
    env: { PATH: `${dirname(process.execPath)}:${PATH}` },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let printed = ''
  shell.stdout.on('data', (chunk) => {
    printed += chunk
  })
  shell.stdin.end(lines.flatMap((line) => [line, 'echo; echo =====next=====']).join('\n'))
  await once(shell, 'close')
  return printed.split('=====next=====\n').map((part) => part.trim())
}

describe('the README', () => {
  it('has a tour that works when pasted line by line', { timeout: 60_000 }, async () => {
    const lines = await tourOf(join(import.meta.dirname, '../../README.md'))
    const printed = await paste(lines.map((line) => line.replace('127.0.0.1:4000', `127.0.0.1:${port}`)))
    const by = (pattern: RegExp) =>
      lines.flatMap((line, index) => (pattern.test(line) ? [printed[index] ?? ''] : []))
    const all = printed.join('\n')

    expect(by(/courses\?limit=3/)[0]).toContain('Version control with Git')
    expect(by(/users\/me" -H/)[0]).toContain('you@example.org')
    expect(by(/idempotency-key/)[0]).toContain('"status":"active"')
    expect(by(/courses\/\$course\/lessons\/\$lesson/)[0]).toContain('"body"')
    expect(by(/progress\/lesson" .*completed/)[0]).toContain('"completedLessons":1')
    expect(by(/enrollments\/my/)[0]).toContain('"status":"completed"')
    expect(by(/http_code/)).toEqual(['204', '401'])
    expect(by(/courses\?q=knots/)[0]).toContain('Knots that hold')
    expect(by(/^until/)[0]).toContain('"captured"')
    expect(by(/enrollments\/my/)[1]).toMatch(/"status":"active".*"title":"Knots that hold"/)
    expect(by(/colour/)[0]).toContain('validation_failed')
    // Nothing else on the way was refused.
    expect(all.match(/"status":4\d\d/g)).toHaveLength(1)
  })

  it('lists every configuration variable, and no other', async () => {
    const root = join(import.meta.dirname, '../..')
    const sources = [
      'config.ts',
      'ice.ts',
      'backup/settings.ts',
      'ai-settings.ts',
      'storage/settings.ts',
    ].map((file) => `src/platform/${file}`)
    const texts = await Promise.all(sources.map((path) => readFile(join(root, path), 'utf8')))
    const read = new Set(
      [...texts.join('\n').matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)'/g)].map(([, name = '']) => name),
    )
    const readme = await readFile(join(root, 'README.md'), 'utf8')
    const table = readme.slice(readme.indexOf('## Configuration'), readme.indexOf('## Read on'))
    const listed = new Set(
      table
        .split('\n')
        .flatMap((row) =>
          [...(row.split('|')[1] ?? '').matchAll(/`([A-Z][A-Z0-9_]*)`/g)].map(([, name = '']) => name),
        ),
    )
    expect([...listed].sort()).toEqual([...read].sort())
  })
})
