import type { DetailedError, HttpResponse, UploadOptions } from 'tus-js-client'
import { claimsOf } from './claims.ts'
import type { Client } from './create-client.ts'
import { errorOf, LecternError } from './errors.ts'
import type { FileSource } from './files.ts'
import type { Media } from './generated/shapes.ts'

export interface UploadWish {
  /** What has arrived of how much, in bytes. */
  readonly onProgress?: ((sent: number, total: number) => void) | undefined
  /** Stops it: `aborted`. What has arrived is kept for 24 hours. */
  readonly signal?: AbortSignal | undefined
  /** If the file has none of its own. */
  readonly fileName?: string | undefined
  /** Told the address of an upload in parts when it has begun: with it, it goes on after a restart of the program. */
  readonly onBegun?: ((url: string) => void) | undefined
  /** Goes on with what `onBegun` told. A browser remembers it by itself, by file and address. */
  readonly resumeAt?: string | undefined
}

/** One request is enough for less. */
const smallBytes = 1024 ** 2
/** Of which one part is sent at a time: proxies take it, and little is sent again. */
const partBytes = 8 * 1024 ** 2
const retryDelays = [500, 1_000, 3_000, 5_000, 10_000, 20_000]

/**
 * Uploads a file: a small one at once, others in parts (tus 1.0, by tus-js-client, which is loaded for it) that go on where they were after
 * faults of the network, restarts of the server, and a reload of the page.
 * @param file in Node.js, of a path: `await openAsBlob(path)` of `node:fs`
 * @throws LecternError
 */
export async function uploadFile(client: Client, file: FileSource, wish: UploadWish = {}): Promise<Media> {
  const { onProgress, signal, resumeAt, fileName = 'name' in file ? String(file.name) : 'file' } = wish
  if (file instanceof Blob && file.size < smallBytes && resumeAt === undefined) {
    const named =
      'name' in file && wish.fileName === undefined ? file : new File([file], fileName, { type: file.type })
    onProgress?.(0, file.size)
    const media = await client.media.upload({ file: named }, { signal })
    onProgress?.(file.size, file.size)
    return media
  }
  const url = await sendInParts(client, file, { ...wish, fileName })
  return client.media.getDetails(url.split('/').at(-1) ?? '', { signal })
}

async function sendInParts(
  client: Client,
  file: FileSource,
  wish: UploadWish & { fileName: string },
): Promise<string> {
  const { onProgress, onBegun, signal, resumeAt, fileName } = wish
  const { Upload } = await import('tus-js-client')
  if (signal?.aborted) throw givenUp(signal)
  return new Promise((resolve, reject) => {
    let renewed = false
    /** Nobody else goes on with it. */
    let person: unknown
    const upload = new Upload(file as Blob, {
      endpoint: `${client.baseUrl}/api/media/uploads`,
      ...(resumeAt === undefined ? {} : { uploadUrl: resumeAt }),
      metadata: { filename: fileName, filetype: file.type },
      chunkSize: partBytes,
      retryDelays,
      removeFingerprintOnSuccess: true,
      ...readerOf(file),
      async onBeforeRequest(request) {
        const token = await client.session.token()
        person ??= claimsOf(token ?? '').sub
        if (person !== claimsOf(token ?? '').sub)
          throw new LecternError('unauthenticated', 'Who began this is no longer signed in.', { status: 401 })
        if (token !== null) request.setHeader('authorization', `Bearer ${token}`)
      },
      onAfterResponse(request, response) {
        if (request.getMethod() !== 'HEAD' || response.getStatus() < 300 || isGone(response)) return
        // Whatever else tus-js-client reads here it takes for "there is no such upload", and sends a film from its beginning.
        throw refusalOf(response)
      },
      onUploadUrlAvailable: () => upload.url !== null && onBegun?.(upload.url),
      onProgress: (sent, total) => onProgress?.(sent, total),
      onShouldRetry(error) {
        const { code, status } = faultOf(error)
        if (code === 'unexpected_answer') return true
        if (status !== 401) return status === 0 || status >= 500 || [409, 423, 429].includes(status)
        // The session ended, or the device slept: the next request takes the renewed token.
        if (renewed) return false
        renewed = true
        void client.session.renew().catch(() => undefined)
        return true
      },
      onError: (error) => end(() => reject(faultOf(error))),
      onSuccess: () => end(() => resolve(upload.url ?? '')),
    })
    const abort = () => end(() => void upload.abort().finally(() => reject(givenUp(signal))))
    const end = (finish: () => void) => {
      signal?.removeEventListener('abort', abort)
      finish()
    }
    signal?.addEventListener('abort', abort, { once: true })
    const begin = async () => {
      const [previous] = resumeAt === undefined ? await upload.findPreviousUploads() : []
      if (previous) upload.resumeFromPreviousUpload(previous)
      upload.start()
    }
    begin().catch(reject)
  })
}

const givenUp = (signal: AbortSignal | undefined) =>
  new LecternError('aborted', 'The upload was given up; it can go on later.', { cause: signal?.reason })

/** Lectern says so; a proxy that knows of no server has its own 404. */
const isGone = (response: HttpResponse) =>
  [404, 410].includes(response.getStatus()) && Boolean(response.getHeader('tus-resumable'))

function faultOf(error: Error | DetailedError): LecternError {
  const cause = 'causingError' in error ? error.causingError : null
  // Of this file, or of the renewal of the token.
  if (cause instanceof LecternError) return cause
  const response = 'originalResponse' in error ? error.originalResponse : null
  if (response) return refusalOf(response)
  return new LecternError('network_failed', 'The server cannot be reached.', { cause: error })
}

function refusalOf(response: HttpResponse): LecternError {
  const answered = {
    status: response.getStatus(),
    header: (name: string) => response.getHeader(name) ?? null,
  }
  try {
    return errorOf(answered, JSON.parse(response.getBody()))
  } catch {
    // The answer to HEAD has no body.
    if (answered.status === 401) return new LecternError('unauthenticated', 'Sign in.', answered)
    return errorOf(answered, null)
  }
}

/** tus-js-client reads Blobs by itself in browsers, and not in Node.js, where a part of one is read when it is sent. */
function readerOf(file: FileSource): Pick<UploadOptions, 'fileReader'> {
  if (!(file instanceof Blob) || 'document' in globalThis) return {}
  const source = {
    size: file.size,
    async slice(start: number, end: number) {
      const part = new Uint8Array(await file.slice(start, end).arrayBuffer())
      return { value: Object.assign(part, { size: part.length }), done: end >= file.size }
    },
    close: () => undefined,
  }
  return { fileReader: { openFile: async () => source } }
}
