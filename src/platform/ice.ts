import type { Faults, readers } from './settings.ts'

/** The servers that help two devices find each other: `turn` is null where there is none to relay between them. */
export interface Ice {
  readonly stunUrls: readonly string[]
  readonly turn: { readonly urls: readonly string[]; readonly secret: string } | null
}

const host = String.raw`(\[[\da-fA-F:.]+\]|[\w.-]+)(:\d{1,5})?`
const stunUrl = new RegExp(`^stuns?:${host}$`)
const turnUrl = new RegExp(String.raw`^turns?:${host}(\?transport=(udp|tcp))?$`)

/** Reads `STUN_URLS` and `TURN_URLS` (RFC 7064 and 7065), and the secret that the TURN server shares with us. */
export function readIce({ list, optional }: ReturnType<typeof readers>, faults: Faults): Ice {
  const stunUrls = list('STUN_URLS', [])
  const urls = list('TURN_URLS', [])
  const secret = optional('TURN_SECRET')
  for (const url of stunUrls)
    if (!stunUrl.test(url))
      faults.add('STUN_URLS', `must be such as stun:turn.school.example:3478, not "${url}"`)
  for (const url of urls)
    if (!turnUrl.test(url))
      faults.add('TURN_URLS', `must be such as turn:turn.school.example:3478?transport=udp, not "${url}"`)
  if (urls.length > 0 && secret === null) faults.add('TURN_SECRET', 'is needed beside TURN_URLS')
  if (urls.length === 0 && secret !== null) faults.add('TURN_URLS', 'is needed beside TURN_SECRET')
  return { stunUrls, turn: urls.length > 0 && secret !== null ? { urls, secret } : null }
}
