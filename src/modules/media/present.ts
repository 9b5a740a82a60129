import type { Config } from '../../platform/config.ts'
import { signedAddress } from './media-addresses.ts'
import type { MediaCard } from './media-card.ts'
import type { Media } from './schemas.ts'

/**
 * For somebody who may see the file: its address works for whoever has it, without a bearer, for some hours.
 * @param at the moment from which those are counted: the actor's
 */
export function presentMedia(media: MediaCard, config: Config, at: Date): Media {
  const { id, kind, content_type, file_name, bytes, status, widths } = media
  return {
    id,
    kind: kind ?? 'document',
    contentType: content_type ?? 'application/octet-stream',
    fileName: file_name,
    bytes,
    status,
    ...(media.failure_reason === null ? {} : { failureReason: media.failure_reason }),
    url: signedAddress(config, id, { at }),
    ...(media.duration_seconds === null ? {} : { durationSeconds: media.duration_seconds }),
    ...(media.width === null ? {} : { width: media.width }),
    ...(media.height === null ? {} : { height: media.height }),
    ...(kind === 'image' ? { widths } : {}),
  }
}
