import type { Faults, readers } from '../settings.ts'

/** The kinds of stores, as MEDIA_STORE and `lectern media migrate` name them. */
export const storeNames = ['local', 's3', 'cloudinary'] as const
export type StoreName = (typeof storeNames)[number]

/** Reads which store is in use, and where each of them is: what is moved from one to another needs both. */
export function readStores({ oneOf, optional, text, url }: ReturnType<typeof readers>, faults: Faults) {
  const inUse = oneOf('MEDIA_STORE', storeNames, 'local')
  const said = {
    S3_BUCKET: optional('S3_BUCKET'),
    S3_ACCESS_KEY_ID: optional('S3_ACCESS_KEY_ID'),
    S3_SECRET_ACCESS_KEY: optional('S3_SECRET_ACCESS_KEY'),
  }
  const endpoint = url('S3_ENDPOINT')
  const wantsS3 = inUse === 's3' || endpoint !== null || Object.values(said).some((value) => value !== null)
  if (wantsS3) {
    for (const [name, value] of Object.entries(said)) {
      if (value === null)
        faults.add(name, `is needed for ${inUse === 's3' ? 'MEDIA_STORE=s3' : 'the store "s3"'}`)
    }
  }
  const cloudinaryUrl = url('CLOUDINARY_URL', ['cloudinary'])
  if (cloudinaryUrl !== null) {
    const { username, password, hostname } = new URL(cloudinaryUrl)
    if (!username || !password || !hostname)
      faults.add('CLOUDINARY_URL', 'must be cloudinary://KEY:SECRET@CLOUD, as the console shows it')
  } else if (inUse === 'cloudinary' && !optional('CLOUDINARY_URL'))
    faults.add('CLOUDINARY_URL', 'is needed for MEDIA_STORE=cloudinary')
  const s3 = {
    endpoint,
    region: text('S3_REGION', 'us-east-1'),
    bucket: said.S3_BUCKET ?? '',
    accessKeyId: said.S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: said.S3_SECRET_ACCESS_KEY ?? '',
  }
  return { inUse, s3: wantsS3 ? s3 : null, cloudinaryUrl }
}
