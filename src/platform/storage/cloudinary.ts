import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { v2 as cloudinary, type UploadApiOptions } from 'cloudinary'
import type { Clock } from '../clock.ts'
import { inParts } from './parts.ts'
import { checkContentType, checkKey, checkRange, checkWithin, type Storage } from './storage.ts'

/** Cloudinary takes parts of more than 5 MB; two are in memory. */
const partBytes = 6 * 1024 * 1024
const type = 'authenticated'

/**
 * Objects with Cloudinary, as pictures, videos or raw files by the ending of their keys, delivered to nobody without a signature. The content
 * type is kept in the object's context. What Cloudinary does not take (a file without bytes, a broken picture or video, what is over
 * the plan's limits) is an Error of `put`.
 * @param options.url `cloudinary://KEY:SECRET@CLOUD`, with the SDK's options as its query. The SDK chooses between HTTP and HTTPS once, as it
 *   is loaded, by the environment's CLOUDINARY_URL.
 */
export function createCloudinaryStorage(options: { url: string; clock: Clock }): Storage {
  const account = readAccount(options.url)
  const nowSeconds = () => Math.floor(options.clock.now().getTime() / 1000)

  const identify = (key: string) => {
    checkKey(key)
    const resource_type = resourceTypeOf(key)
    // A dot would be read as the beginning of a format to convert to; no key has a tilde.
    const public_id = resource_type === 'raw' ? key : key.replaceAll('.', '~')
    return { public_id, resource_type, type } as const
  }

  async function find(key: string): Promise<Found | null> {
    const { public_id, ...kind } = identify(key)
    try {
      // The upload API's way to ask: the Admin API allows some hundred questions an hour.
      return await cloudinary.uploader.explicit(public_id, { ...account, ...kind })
    } catch (error) {
      if ((error as Failure).http_code === 404) return null
      throw asError(error as Failure)
    }
  }

  return {
    async put(key, source, { contentType }) {
      checkContentType(contentType)
      const common = {
        ...account,
        ...identify(key),
        overwrite: true,
        invalidate: true,
        context: { content_type: contentType },
      }
      const x_unique_upload_id = randomUUID()
      let bytes = 0
      for await (const part of inParts(source, partBytes)) {
        const start = bytes
        bytes += part.bytes.length
        const whole = start === 0 && part.last
        const total = part.last ? bytes : -1
        const place = whole
          ? {}
          : { x_unique_upload_id, content_range: `bytes ${start}-${bytes - 1}/${total}` }
        await upload(part.bytes, { ...common, ...place })
      }
      return { bytes }
    },

    async open(key, range) {
      if (range) checkRange(range)
      const found = await find(key)
      if (!found) return null
      if (range) checkWithin(key, range, found.bytes)
      const { public_id, ...kind } = identify(key)
      // With the version in it, the address never answers with what the key held before.
      const url = cloudinary.url(public_id, {
        ...account,
        ...kind,
        version: found.version,
        sign_url: true,
        secure: !account.plain,
        analytics: false,
      })
      const end = Math.min(range?.end ?? found.bytes, found.bytes - 1)
      const asked = range ? { range: `bytes=${range.start}-${end}` } : {}
      const answer = await fetch(url, { headers: { 'accept-encoding': 'identity', ...asked } })
      if (answer.status !== (range ? 206 : 200) || !answer.body) {
        await answer.body?.cancel()
        throw new Error(`Cloudinary answered ${answer.status} for ${key}`)
      }
      return {
        stream: Readable.fromWeb(answer.body as ReadableStream),
        bytes: range ? end - range.start + 1 : found.bytes,
        ...headOf(found),
      }
    },

    async head(key) {
      const found = await find(key)
      return found && headOf(found)
    },

    async link(key, { seconds, fileName, inline = false }) {
      const { resource_type, ...named } = identify(key)
      const now = nowSeconds()
      const parameters = cloudinary.utils.sign_request(
        {
          ...named,
          timestamp: now,
          expires_at: now + seconds,
          ...(inline ? {} : { attachment: true, target_filename: fileName }),
        },
        account,
      )
      const query = new URLSearchParams(
        Object.entries(parameters).map(([name, value]) => [name, String(value)]),
      )
      return `${cloudinary.utils.api_url('download', { ...account, resource_type })}?${query}`
    },

    async delete(key) {
      const { public_id, ...kind } = identify(key)
      await cloudinary.uploader
        .destroy(public_id, { ...account, ...kind, invalidate: true })
        .catch((error) => {
          throw asError(error)
        })
    },
  }
}

interface Found {
  readonly bytes: number
  readonly version: number
  readonly context?: { readonly custom?: { readonly content_type?: string } }
}

/** The SDK rejects with objects that are no Errors. */
interface Failure {
  readonly message: string
  readonly http_code?: number
}

function asError({ message, http_code }: Failure): Error {
  return new Error(`Cloudinary: ${message}${http_code === undefined ? '' : ` (${http_code})`}`)
}

function headOf({ bytes, context }: Found) {
  return { totalBytes: bytes, contentType: context?.custom?.content_type ?? 'application/octet-stream' }
}

function readAccount(address: string) {
  const url = new URL(address)
  const query = Object.fromEntries(url.searchParams)
  return {
    cloud_name: url.hostname,
    api_key: decodeURIComponent(url.username),
    api_secret: decodeURIComponent(url.password),
    ...query,
    /** A server on the loopback, without TLS. */
    plain: query.upload_prefix?.startsWith('http:') ?? false,
  }
}

const pictures = /\.(png|jpe?g|webp|gif|avif)$/
const videos = /\.(mp4|m4v|webm|mov|mkv|mp3|m4a|ogg|wav|flac|aac)$/

/** Cloudinary has sounds among the videos. */
function resourceTypeOf(key: string): 'image' | 'video' | 'raw' {
  if (pictures.test(key)) return 'image'
  return videos.test(key) ? 'video' : 'raw'
}

function upload(bytes: Buffer, options: UploadApiOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    // Its promise would be rejected with nobody there to hear it.
    const quiet = { ...options, disable_promises: true }
    const stream = cloudinary.uploader.upload_stream(quiet, (error) =>
      error ? reject(asError(error)) : resolve(),
    )
    stream.end(bytes)
  })
}
