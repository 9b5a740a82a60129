declare module 's3rver' {
  import type { RequestListener } from 'node:http'
  import type { Readable } from 'node:stream'

  namespace S3rver {
    interface Stored {
      readonly size: number
      readonly md5: string
    }
    interface NewObject {
      readonly bucket: string
      readonly key: string
      readonly content: Readable
      readonly metadata: Record<string, unknown>
    }
    interface Store {
      getObject(bucket: string, key: string, options?: { start?: number; end?: number }): Promise<unknown>
      putObject(object: NewObject): Promise<Stored>
      putPart(bucket: string, uploadId: string, part: string, content: Readable): Promise<Stored>
      putMetadata(bucket: string, key: string, metadata: Record<string, unknown>, md5: string): Promise<void>
      getResourcePath(bucket: string, key: string | undefined, resource: string): string
    }
  }
  class S3rver {
    constructor(options: {
      silent: boolean
      directory: string
      vhostBuckets: boolean
      configureBuckets: { name: string }[]
    })
    readonly store: S3rver.Store
    configureBuckets(): Promise<void>
    callback(): RequestListener
  }
  export = S3rver
}
