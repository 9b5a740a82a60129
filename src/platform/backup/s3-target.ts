import { Readable } from 'node:stream'
import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, paginateListObjectsV2 } from '@aws-sdk/client-s3'
import { createS3Client, type S3Options } from '../storage/s3.ts'
import { uploadToS3 } from '../storage/s3-upload.ts'
import type { BackupTarget } from './target.ts'

/** Of at most 10,000 parts: a backup of up to 160 GB. */
const partBytes = 16 * 1024 * 1024

/** Backups as objects under a prefix of a bucket: they go up in parts, and one that fails is aborted. */
export function createS3Target(
  options: Omit<S3Options, 'clock'> & { readonly prefix: string },
): BackupTarget {
  const { bucket, prefix } = options
  const client = createS3Client(options)
  const folder = prefix === '' ? '' : `${prefix}/`
  const named = (name: string) => ({ Bucket: bucket, Key: `${folder}${name}` })
  return {
    shown: `s3://${bucket}/${prefix}`,
    put: (name, source) =>
      uploadToS3(client, named(name), source, { contentType: 'application/zstd', partBytes }),
    async open(name) {
      try {
        const { Body } = await client.send(new GetObjectCommand(named(name)))
        if (!(Body instanceof Readable)) throw new Error(`the store gave no bytes of ${name}`)
        return Body
      } catch (error) {
        if (error instanceof NoSuchKey) return null
        throw error
      }
    },
    async list() {
      const found: { name: string; bytes: number }[] = []
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: folder }))
        for (const { Key = '', Size = 0 } of page.Contents ?? [])
          found.push({ name: Key.slice(folder.length), bytes: Size })
      return found
    },
    async delete(name) {
      await client.send(new DeleteObjectCommand(named(name)))
    },
  }
}
