import type { Db } from '../../platform/database/database.ts'
import { findAllMediaOf } from './queries.ts'

/** For the archive of a person: what they uploaded. */
export async function mediaData(db: Db, userId: string): Promise<Record<string, unknown>> {
  const rows = await findAllMediaOf(db, userId)
  return {
    media: rows.map((media) => ({
      id: media.id,
      fileName: media.file_name,
      kind: media.kind,
      contentType: media.content_type,
      bytes: media.bytes,
      status: media.status,
      uploadedAt: media.created_at,
    })),
  }
}
