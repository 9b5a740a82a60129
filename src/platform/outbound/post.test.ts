import type { LookupAddress, lookup as lookupName } from 'node:dns'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { postOutside } from './post.ts'

let server: Server | undefined
afterEach(() => {
  server?.close()
  server?.closeAllConnections()
})

async function serve(answer: RequestListener): Promise<number> {
  server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A name server of ours: what it answers at each question. */
function named(...answers: string[][]) {
  const asked: string[] = []
  const lookup = ((name: string, _options: object, done: (error: null, found: LookupAddress[]) => void) => {
    const addresses = answers[asked.push(name) - 1] ?? []
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }) as unknown as typeof lookupName
  return { lookup, asked }
}

const body = Buffer.from('{}')
const limits = { timeoutMs: 300, answerBytes: 1_024, allowPrivate: true }
const send = (url: string, more: object = {}) =>
  postOutside({ url, headers: { 'x-mark': 'a' }, body }, { ...limits, ...more })

describe('a name', () => {
  it('is judged by every address that it stands for', async () => {
    const { lookup } = named(['93.184.215.14', '10.0.0.7'])
    const outcome = await send('http://mixed.example/', { lookup, allowPrivate: false })
    expect(outcome).toMatchObject({ status: null, error: '10.0.0.7 is not a public address.' })
  })

  it('is judged anew for each request: one that turned into ours by then is not called', async () => {
    let calls = 0
    const port = await serve((_request, response) => {
      calls++
      response.end()
    })
    const { lookup, asked } = named(['127.0.0.1'], ['127.0.0.1'])
    const url = `http://rebound.example:${port}/`
    expect(await send(url, { lookup })).toMatchObject({ status: 200 })
    expect(await send(url, { lookup, allowPrivate: false })).toMatchObject({ status: null })
    expect(asked).toEqual(['rebound.example', 'rebound.example'])
    expect(calls).toBe(1)
  })

  it('of the metadata of clouds is not called even where private ones may be', async () => {
    const { lookup } = named(['169.254.169.254'])
    expect(await send('http://metadata.example/', { lookup })).toMatchObject({
      error: '169.254.169.254 is not a public address.',
    })
  })

  it.each(['http://127.0.0.1:1/', 'http://[::1]:1/', 'http://2130706433:1/', 'http://localhost:1/'])(
    'that is an address, or the own machine: %s',
    async (url) => {
      expect((await send(url, { allowPrivate: false })).error).toMatch(/is not a public address/)
    },
  )
})

describe('an answer', () => {
  it('is its status and the beginning of its body', async () => {
    const port = await serve((request, response) => {
      response.writeHead(503, { 'retry-after': '7' }).end(`${request.method} ${request.headers['x-mark']}`)
    })
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({
      status: 503,
      error: null,
      answer: Buffer.from('POST a'),
      retryAfter: '7',
    })
  })

  it('that sends elsewhere is not followed', async () => {
    const paths: string[] = []
    const port = await serve((request, response) => {
      paths.push(request.url ?? '')
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(await send(`http://127.0.0.1:${port}/first`)).toMatchObject({ status: 302 })
    expect(paths).toEqual(['/first'])
  })

  it('that would change the protocol is its status', async () => {
    const port = await serve((request) => {
      request.socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n')
    })
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 101, error: null })
  })

  it('that never ends is read to the bound only, and its connection closed', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>()
    const port = await serve((_request, response) => {
      response.on('close', resolve)
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(more))
      }
      more()
    })
    const { status, answer } = await send(`http://127.0.0.1:${port}/`, { timeoutMs: 10_000 })
    expect({ status, bytes: answer.length }).toEqual({ status: 200, bytes: 1_024 })
    await closed
  })

  it('counts by its status where the body is cut off or does not come', async () => {
    const port = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => request.url === '/cut' && response.destroy())
    })
    for (const path of ['/cut', '/hang'])
      expect(await send(`http://127.0.0.1:${port}${path}`)).toMatchObject({
        status: 200,
        answer: Buffer.from('half'),
      })
  })
})

describe('no answer', () => {
  it('within the time', async () => {
    const port = await serve(() => undefined)
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({
      status: null,
      error: 'There was no answer within 0.3 seconds.',
    })
  })

  it('since the connection was reset, or refused', async () => {
    const port = await serve((request) => request.socket.destroy())
    expect((await send(`http://127.0.0.1:${port}/`)).error).toMatch(/closed before/)
    server?.close()
    expect((await send('http://127.0.0.1:1/')).error).toBe('The connection was refused.')
  })

  it('but something that is not HTTP, or headers without end', async () => {
    const port = await serve((_request, response) => {
      response.socket?.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`)
    })
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({
      status: null,
      error: expect.stringMatching(/headers/i),
    })
  })
})
