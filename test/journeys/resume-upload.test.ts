import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Upload } from 'tus-js-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort, startServer } from '../support/server.ts'

let data: string
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'lectern-resume-'))
})
afterAll(() => rm(data, { recursive: true, force: true }))

const bytes = 6 * 1024 ** 2
/** A PDF, and then bytes of which none is like its neighbor. */
function content(): Buffer {
  const blocks = Array.from({ length: bytes / 32 }, (_, i) => createHash('sha256').update(String(i)).digest())
  const whole = Buffer.concat(blocks)
  whole.write('%PDF-1.7\n')
  whole.write('%%EOF\n', bytes - 6)
  return whole
}

it('an upload goes on where it was when its server was killed, with the client of tus', {
  timeout: 180_000,
}, async () => {
  const port = await freePort()
  const whole = content()
  const path = join(data, 'a.pdf')
  await writeFile(path, whole)
  let server = await startServer({ data, port })
  const person = { email: 'ines@example.org', password: 'a long password', name: 'Inês', role: 'instructor' }
  const { body } = await server.client.post('/api/auth/register', person)
  const headers = { authorization: `Bearer ${body.accessToken}` }
  let furthest = 0
  let killed: Promise<void> | null = null

  const upload = (url: string | null, onProgress: (sent: number) => void) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const tus = new Upload(createReadStream(path), {
      endpoint: `http://127.0.0.1:${port}/api/media/uploads`,
      ...(url === null ? {} : { uploadUrl: url }),
      uploadSize: bytes,
      chunkSize: 1024 ** 2,
      headers,
      metadata: { filename: 'a.pdf', filetype: 'application/pdf' },
      retryDelays: null,
      onChunkComplete: (_size, accepted) => onProgress(accepted),
      onError: reject,
      onSuccess: () => resolve(tus.url ?? ''),
    })
    tus.start()
    return { promise, url: () => tus.url }
  }

  const first = upload(null, (accepted) => {
    furthest = accepted
    if (accepted >= bytes / 3) killed ??= server.kill()
  })
  await expect(first.promise).rejects.toThrow()
  await killed
  expect(furthest).toBeGreaterThan(0)
  expect(furthest).toBeLessThan(bytes)

  server = await startServer({ data, port })
  const offsets: number[] = []
  const url = await upload(first.url(), (accepted) => offsets.push(accepted)).promise
  // What had come was not sent again.
  expect(offsets[0]).toBeGreaterThan(furthest)
  const id = url.split('/').at(-1)
  const client = server.client.as(body.accessToken)
  expect((await client.get(`/api/media/${id}/details`)).body).toMatchObject({ status: 'ready', bytes })
  const got = await fetch(`http://127.0.0.1:${port}/api/media/${id}`, { headers })
  const sum = (buffer: Buffer) => createHash('sha256').update(buffer).digest('hex')
  expect(sum(Buffer.from(await got.arrayBuffer()))).toBe(sum(whole))
  expect(await readdir(join(data, 'uploads'))).toEqual([])
  await server.stop()
})
