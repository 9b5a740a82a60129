import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { Clock } from '../clock.ts'
import { contentDisposition } from '../content-disposition.ts'
import { uploadToS3 } from './s3-upload.ts'
import { checkContentType, checkKey, checkRange, checkWithin, type Storage } from './storage.ts'

export interface S3Options {
  /** Null: Amazon's own, by region. With one, the bucket goes into the path, as MinIO, R2, Garage and the like want it. */
  readonly endpoint: string | null
  readonly region: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** The time from which a link's seconds count. */
  readonly clock: Clock
}

/** S3 takes 10,000 parts of an object, of 5 MiB at least: 50 GB. */
const partBytes = 5 * 1024 * 1024

/**
 * Objects in a bucket of an S3-compatible service. What is larger than a part goes up in parts, one while the next is read: the
 * memory of two for an upload of whatever size. An upload that fails is aborted; what a killed process leaves unfinished is the bucket's
 * lifecycle rule to remove (docs/media.md).
 */
export function createS3Storage(options: S3Options): Storage {
  const { bucket, clock } = options
  const client = createS3Client(options)
  const named = (key: string) => {
    checkKey(key)
    return { Bucket: bucket, Key: key }
  }

  return {
    async put(key, source, { contentType }) {
      checkContentType(contentType)
      return uploadToS3(client, named(key), source, { contentType, partBytes })
    },

    async open(key, range) {
      const name = named(key)
      if (range) checkRange(range)
      const asked = range && { Range: `bytes=${range.start}-${range.end}` }
      const answer = await client.send(new GetObjectCommand({ ...name, ...asked })).catch((error) => {
        if (isStatus(error, 416)) throw new RangeError(`${key} has no bytes from ${range?.start} on`)
        return missingAsNull(error)
      })
      if (!answer) return null
      const stream = answer.Body
      if (!(stream instanceof Readable)) throw new Error(`the store gave no bytes of ${key}`)
      try {
        const bytes = answer.ContentLength ?? 0
        const totalBytes = range ? totalOf(key, answer.ContentRange) : bytes
        if (range) checkWithin(key, range, totalBytes)
        return { stream, bytes, totalBytes, contentType: answer.ContentType ?? 'application/octet-stream' }
      } catch (error) {
        stream.destroy()
        throw error
      }
    },

    async head(key) {
      const answer = await client.send(new HeadObjectCommand(named(key))).catch(missingAsNull)
      if (!answer) return null
      return {
        totalBytes: answer.ContentLength ?? 0,
        contentType: answer.ContentType ?? 'application/octet-stream',
      }
    },

    async link(key, { seconds, fileName, inline = false }) {
      const disposition = contentDisposition({ inline, ...(fileName === undefined ? {} : { fileName }) })
      const command = new GetObjectCommand({ ...named(key), ResponseContentDisposition: disposition })
      return getSignedUrl(client, command, { expiresIn: seconds, signingDate: clock.now() })
    },

    async delete(key) {
      await client.send(new DeleteObjectCommand(named(key)))
    },
  }
}

export function createS3Client(options: Omit<S3Options, 'bucket' | 'clock'>): S3Client {
  return new S3Client({
    region: options.region,
    credentials: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretAccessKey },
    ...(options.endpoint === null ? {} : { endpoint: options.endpoint, forcePathStyle: true }),
    // Not every service knows the newer checksums. Parts are held against their signed SHA-256 or by TLS.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
  })
}

/** From `bytes 0-9/100` (RFC 9110, section 14.4). */
function totalOf(key: string, contentRange: string | undefined): number {
  const total = /^bytes \d+-\d+\/(\d+)$/.exec(contentRange ?? '')?.[1]
  if (total === undefined) throw new Error(`the store does not give ranges of ${key}`)
  return Number(total)
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === status
}

function missingAsNull(error: unknown): null {
  // A bucket that is missing is a fault of the configuration.
  if (isStatus(error, 404) && (error as Error).name !== 'NoSuchBucket') return null
  throw error
}
