import type { Person } from '../../src/modules/accounts/factory.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Answer, Client } from './http.ts'
import type { World } from './world.ts'

/** The row of an uploaded file, without its bytes: for what only refers to files. */
export async function makeMediaRow(
  { database, clock }: World,
  uploader: Pick<Person, 'id'>,
  wish: {
    kind?: 'image' | 'video' | 'audio' | 'document'
    contentType?: string
    seconds?: number
    status?: 'ready' | 'failed'
    name?: string
  } = {},
): Promise<string> {
  const {
    kind = 'video',
    contentType = 'video/mp4',
    seconds = null,
    status = 'ready',
    name = 'clip.mp4',
  } = wish
  const id = newId()
  await database.pool.query(
    `insert into media (id, user_id, status, kind, content_type, file_name, storage_key, bytes, duration_seconds,
       failure_reason, created_at, touched_at)
     values ($1, $2, $3, $4, $5, $6, $7, 1000, $8, $9, $10, $10)`,
    [
      id,
      uploader.id,
      status,
      kind,
      contentType,
      name,
      `media/${id}`,
      seconds,
      status === 'failed' ? 'it is broken' : null,
      clock.now(),
    ],
  )
  return id
}

/** Uploads by a form, as a browser does. */
export function upload(
  client: Client,
  bytes: Uint8Array,
  { name = 'file', type = '', field = 'file' }: { name?: string; type?: string; field?: string } = {},
): Promise<Answer> {
  const form = new FormData()
  form.set(field, new Blob([new Uint8Array(bytes)], { type }), name)
  return client.post('/api/media', form)
}
