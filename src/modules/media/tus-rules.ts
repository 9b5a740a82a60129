import { badField } from '../../platform/http/refusal.ts'

/** The resumable upload protocol, https://tus.io/protocols/resumable-upload, with what of it there is here. */
export const tusVersion = '1.0.0'
export const tusExtensions = 'creation,termination,expiration,checksum'
export const tusAlgorithms = ['sha1', 'sha256', 'md5'] as const

export interface UploadMetadata {
  readonly fileName: string | undefined
  readonly declaredType: string | null
}

/**
 * Reads `Upload-Metadata`: pairs of a key and its value in Base64, between commas. Of interest are `filename` (or `name`) and `filetype`
 * (or `type`), as the clients of the field send them.
 * @throws Refusal 400 where it is none
 */
export function readUploadMetadata(header: string): UploadMetadata {
  const pairs = header.split(',').filter((pair) => pair.trim() !== '')
  const values = new Map(pairs.map((pair) => readPair(pair.trim())))
  return {
    fileName: values.get('filename') ?? values.get('name'),
    declaredType: values.get('filetype') ?? values.get('type') ?? null,
  }
}

function readPair(pair: string): [string, string] {
  const [, key, value = ''] = /^([^\s,]+)(?: ([A-Za-z0-9+/]*={0,2}))?$/.exec(pair) ?? []
  if (key === undefined) throw badField('/upload-metadata', 'must be pairs of a key and its value in Base64')
  return [key, Buffer.from(value, 'base64').toString()]
}

/**
 * Reads `Upload-Checksum`: an algorithm and a digest in Base64.
 * @throws Refusal 400 where it is none, or the algorithm is not known here
 */
export function readUploadChecksum(header: string): { algorithm: string; digest: Buffer } {
  const [, said = '', digest = ''] = /^([a-z0-9]+) ([A-Za-z0-9+/]+={0,2})$/.exec(header) ?? []
  const algorithm = tusAlgorithms.find((candidate) => candidate === said)
  if (!algorithm)
    throw badField('/upload-checksum', `must be one of ${tusAlgorithms.join(', ')}, and a digest in Base64`)
  return { algorithm, digest: Buffer.from(digest, 'base64') }
}
