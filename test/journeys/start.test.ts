import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort, runLectern, type ServerProcess, startServer } from '../support/server.ts'

let data: string
const running: ServerProcess[] = []
const start = async (...options: Parameters<typeof startServer>) => {
  const server = await startServer(...options)
  running.push(server)
  return server
}

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'lectern start-'))
})
afterEach(async () => {
  for (const server of running.splice(0)) if (server.process.exitCode === null) await server.stop()
  await rm(data, { recursive: true, force: true })
})

describe('lectern serve', () => {
  it('on nothing: starts its database, migrates, serves, and says where and how to become admin', async () => {
    const port = await freePort()
    const { client, output } = await start({ data, port })
    expect(output()).toContain(`http://127.0.0.1:${port}/docs/`)
    expect(output()).toMatch(/claim\?token=/)
    expect((await client.get('/healthz')).body).toEqual({ status: 'ok' })
    expect((await client.get('/readyz')).body).toEqual({ status: 'ready', database: 'ok', cache: 'ok' })
    expect((await client.get('/metrics')).body).toContain('lectern_http_request_seconds')
    expect((await client.get('/')).body).toContain('/docs/')
  })

  it('on a port that is taken: says so and what to do, and exits with 1', async () => {
    const port = await freePort()
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    await expect(startServer({ data, port })).rejects.toThrow(
      new RegExp(String.raw`exited with 1[\s\S]*Port ${port} is taken[\s\S]*PORT=`),
    )
    other.close()
  })

  it('a second one on the same data: says that another serves it, and exits with 1', async () => {
    const first = await start({ data, port: await freePort() })
    await expect(startServer({ data, port: await freePort() })).rejects.toThrow(
      /exited with 1[\s\S]*Another Lectern/,
    )
    expect((await first.client.get('/readyz')).status).toBe(200)
  })

  it('with a wrong configuration: lists every fault and exits with 1', async () => {
    const { code, stderr } = await runLectern(['serve'], { LECTERN_DATA: data, PORT: 'x', JOBS: 'y' })
    expect(code).toBe(1)
    expect(stderr).toMatch(/PORT .*\n.*JOBS /)
  })

  it('told to stop: finishes the request it has accepted, then exits with 0', async () => {
    const server = await start({ data, port: await freePort() })
    // Hashing a password takes a while, so the request is under way when the signal comes.
    const request = server.client.post('/api/auth/register', {
      email: 'last@example.org',
      password: 'a long password',
      name: 'Last',
    })
    const hashing = server.client.get('/healthz')
    await hashing
    const exit = server.stop()
    expect((await request).status).toBe(201)
    expect(await exit).toBe(0)
  })
})

describe('the command line', () => {
  it('--help lists the commands and exits with 0; an unknown one exits with 1', async () => {
    const help = await runLectern(['--help'], { LECTERN_DATA: data })
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('import FOLDER') })
    expect(await runLectern(['fly'], { LECTERN_DATA: data })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no command "fly"'),
    })
  })

  it('migrate --json says what was applied, and nothing the second time', async () => {
    const first = await runLectern(['migrate', '--json'], { LECTERN_DATA: data })
    expect(JSON.parse(first.stdout).applied).toContain('0001_platform')
    const second = await runLectern(['migrate', '--json'], { LECTERN_DATA: data })
    expect(JSON.parse(second.stdout)).toEqual({ applied: [] })
  })
})
