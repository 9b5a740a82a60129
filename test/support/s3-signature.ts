import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/**
 * Whether a request carries the signature that these credentials give: Signature Version 4 of Amazon, in the header or presigned in the
 * query (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). The payload is taken by the hash
 * that it says of itself.
 */
export function isSigned(request: IncomingMessage, accessKeyId: string, secretAccessKey: string): boolean {
  const url = new URL(request.url ?? '/', 'http://s3')
  const said = url.searchParams.has('X-Amz-Signature') ? fromQuery(url) : fromHeader(request)
  if (!said) return false
  const [key, date = '', region = '', service = ''] = said.credential.split('/')
  const canonical = [
    request.method,
    // S3 does not encode a path twice.
    url.pathname,
    canonicalQuery(url),
    ...said.signedHeaders.map(
      (name) =>
        `${name}:${String(request.headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}`,
    ),
    '',
    said.signedHeaders.join(';'),
    said.payloadHash,
  ].join('\n')
  const toSign = [
    'AWS4-HMAC-SHA256',
    said.time,
    `${date}/${region}/${service}/aws4_request`,
    hash('sha256', canonical),
  ]
  const signingKey = [date, region, service, 'aws4_request'].reduce<Buffer | string>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${secretAccessKey}`,
  )
  const expected = createHmac('sha256', signingKey).update(toSign.join('\n')).digest()
  const given = Buffer.from(said.signature, 'hex')
  return key === accessKeyId && given.length === expected.length && timingSafeEqual(given, expected)
}

interface Said {
  readonly credential: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
  readonly time: string
  readonly payloadHash: string
}

function fromQuery(url: URL): Said {
  const said = (name: string) => url.searchParams.get(`X-Amz-${name}`) ?? ''
  return {
    credential: said('Credential'),
    signedHeaders: said('SignedHeaders').split(';'),
    signature: said('Signature'),
    time: said('Date'),
    payloadHash: said('Content-Sha256') || 'UNSIGNED-PAYLOAD',
  }
}

function fromHeader({ headers }: IncomingMessage): Said | null {
  const match = /^AWS4-HMAC-SHA256 Credential=(\S+?), ?SignedHeaders=(\S+?), ?Signature=([0-9a-f]+)$/.exec(
    headers.authorization ?? '',
  )
  const [, credential, signedHeaders, signature] = match ?? []
  if (credential === undefined || signedHeaders === undefined || signature === undefined) return null
  return {
    credential,
    signedHeaders: signedHeaders.split(';'),
    signature,
    time: String(headers['x-amz-date']),
    payloadHash: String(headers['x-amz-content-sha256']),
  }
}

function canonicalQuery(url: URL): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  return [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
}
