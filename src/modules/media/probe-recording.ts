import { buffer } from 'node:stream/consumers'
import { Refusal } from '../../platform/http/refusal.ts'
import type { Storage } from '../../platform/storage/storage.ts'

export interface Recording {
  readonly durationSeconds: number
  /** Of the picture as it is shown; null where there is only sound. */
  readonly width: number | null
  readonly height: number | null
}

/** The index of a film of many hours is smaller; a broken file may claim any length. */
const mostBytesAtOnce = 48 * 1024 ** 2
const patienceMs = 20_000

/**
 * Reads how long a film or recording is, and how large, from its index: by ranges, never the whole.
 * @param reach how many bytes the object has
 * @returns null where it cannot be played: no index, no track, damaged
 * @throws Refusal 502 where the store is away
 */
export async function probeRecording(
  storage: Storage,
  key: string,
  reach: number,
): Promise<Recording | null> {
  const { ADTS, CustomSource, FLAC, Input, MATROSKA, MP3, MP4, OGG, QTFF, WAVE, WEBM } = await import(
    'mediabunny'
  )
  let away: unknown
  const source = new CustomSource({
    getSize: () => reach,
    read: (start, end) =>
      readPart(storage, key, start, end).catch((error: unknown) => {
        if (error instanceof Refusal) away = error
        throw error
      }),
    // What is read ahead fails again when it is needed.
    handleUnhandledError: () => undefined,
  })
  // Not lists of addresses (HLS), which would have the server fetch them.
  const formats = [MP4, QTFF, MATROSKA, WEBM, WAVE, OGG, FLAC, MP3, ADTS]
  using input = new Input({ source, formats })
  const probe = async (): Promise<Recording | null> => {
    const [track] = await input.getTracks()
    if (!track) return null
    const durationSeconds = (await input.getDurationFromMetadata()) ?? (await input.computeDuration())
    if (!Number.isFinite(durationSeconds) || durationSeconds < 0) return null
    const film = await input.getPrimaryVideoTrack()
    const [width, height] = film
      ? [await film.getDisplayWidth(), await film.getDisplayHeight()]
      : [null, null]
    return {
      durationSeconds: Math.round(durationSeconds * 1_000) / 1_000,
      width: size(width),
      height: size(height),
    }
  }
  const { promise: late, resolve: giveUp } = Promise.withResolvers<null>()
  const timer = setTimeout(() => giveUp(null), patienceMs)
  try {
    // A reader of broken files throws whatever it throws.
    const recording = await Promise.race([probe().catch(() => null), late])
    if (away) throw away
    return recording
  } finally {
    clearTimeout(timer)
  }
}

async function readPart(storage: Storage, key: string, start: number, end: number): Promise<Uint8Array> {
  if (end - start > mostBytesAtOnce) throw new RangeError('more than an index has')
  const object = await storage.open(key, { start, end: end - 1 })
  if (!object) throw new Error('the object is gone')
  return buffer(object.stream)
}

function size(pixels: number | null): number | null {
  return pixels !== null && Number.isFinite(pixels) && pixels >= 1 && pixels <= 100_000
    ? Math.round(pixels)
    : null
}
