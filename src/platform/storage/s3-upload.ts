import type { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { inParts } from './parts.ts'

/**
 * Puts an object of unknown size: whole where it is one part, otherwise in parts, of which one is sent while the next is read (Amazon S3,
 * Uploading and copying objects using multipart upload: 10,000 parts, each but the last of 5 MiB at least). One that fails is aborted.
 * @param options.partBytes of which two are in memory
 */
export async function uploadToS3(
  client: S3Client,
  target: { readonly Bucket: string; readonly Key: string },
  source: Readable | Buffer,
  options: { contentType: string; partBytes: number },
): Promise<{ bytes: number }> {
  const typed = { ...target, ContentType: options.contentType }
  const parts: CompletedPart[] = []
  let bytes = 0
  let UploadId: string | undefined
  let sending: Promise<unknown> = Promise.resolve()

  async function send(PartNumber: number, Body: Buffer): Promise<void> {
    const { ETag } = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }))
    parts.push({ ETag, PartNumber })
  }

  try {
    for await (const part of inParts(source, options.partBytes)) {
      bytes += part.bytes.length
      if (part.last && UploadId === undefined) {
        await client.send(new PutObjectCommand({ ...typed, Body: part.bytes }))
        return { bytes }
      }
      UploadId ??= (await client.send(new CreateMultipartUploadCommand(typed))).UploadId
      await sending
      sending = send(parts.length + 1, part.bytes)
      // It is waited for with the next part; it may fail before.
      sending.catch(() => undefined)
    }
    await sending
    const MultipartUpload = { Parts: parts }
    await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }))
    return { bytes }
  } catch (error) {
    if (UploadId !== undefined) {
      // A part that arrives after the abort would stay.
      await sending.catch(() => undefined)
      // What cannot be aborted is left to the bucket's lifecycle rule, and the first fault is told.
      await client.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined)
    }
    throw error
  }
}
