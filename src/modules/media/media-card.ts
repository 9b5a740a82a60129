import { type RawBuilder, sql } from 'kysely'
import type { MediaRow } from './queries.ts'

/** What is shown of a file to those who may see it. */
export type MediaCard = Pick<
  MediaRow,
  | 'id'
  | 'kind'
  | 'content_type'
  | 'file_name'
  | 'bytes'
  | 'status'
  | 'failure_reason'
  | 'duration_seconds'
  | 'width'
  | 'height'
  | 'widths'
>

/**
 * The file whose id stands in a column, as an expression to select: what refers to files shows them without a statement of its own.
 * @param column such as `lesson.media_id`; where it is null, so is this
 */
export function mediaCard(column: string): RawBuilder<MediaCard | null> {
  return sql<MediaCard | null>`(
    select json_build_object('id', file.id, 'kind', file.kind, 'content_type', file.content_type,
      'file_name', file.file_name, 'bytes', file.bytes, 'status', file.status, 'failure_reason', file.failure_reason,
      'duration_seconds', file.duration_seconds, 'width', file.width, 'height', file.height, 'widths', file.widths)
    from media file where file.id = ${sql.ref(column)})`
}
