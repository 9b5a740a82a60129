import { availableParallelism } from 'node:os'
import type { Sharp, SharpOptions } from 'sharp'
import { badField } from '../http/refusal.ts'
import { takeTurns } from '../turns.ts'

const mostPixels = 50_000_000

// A picture of many pixels takes a core and some hundred megabytes for a moment.
// One that waits may hold its bytes, 10 MB of them.
export const mostWaiting = 30
const inTurn = takeTurns(Math.max(1, Math.floor(availableParallelism() / 2)), mostWaiting)

/** Opens an uploaded picture for drawing; what is in it is not read before that. */
export type OpenPicture = (options?: SharpOptions) => Sharp

/**
 * Works on an uploaded picture when it is its turn, so that many at once do not take all memory.
 * @param load its bytes, asked for when the turn has come
 * @throws Refusal 400 where it cannot be read, or has over 50 million pixels; 503 where too many wait already
 */
export async function drawInTurn<Drawn>(
  load: () => Promise<Buffer>,
  draw: (bytes: Buffer, open: OpenPicture) => Promise<Drawn>,
): Promise<Drawn> {
  const { default: sharp } = await import('sharp')
  return inTurn(async () => {
    const bytes = await load()
    try {
      return await draw(bytes, (options) =>
        sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error', ...options }),
      )
    } catch {
      throw badField(
        '/file',
        `cannot be read as a picture of at most ${mostPixels / 1_000_000} million pixels`,
      )
    }
  })
}
