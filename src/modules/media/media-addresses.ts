import type { Config } from '../../platform/config.ts'
import { escapeHtml } from '../../platform/html.ts'
import { destinationsIn } from '../../platform/markdown/destinations.ts'
import { signMediaLink } from './media-links.ts'

type Site = Pick<Config, 'publicUrl'>

const path = /^\/api(?:\/v1)?\/media\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[?#]|$)/i

/** The id of the file that an address on this server is of, with or without the host, signed or not; null for any other. */
export function mediaIdOf(address: string, { publicUrl }: Site): string | null {
  const local = address.startsWith(publicUrl) ? address.slice(publicUrl.length) : address
  return path.exec(local)?.[1]?.toLowerCase() ?? null
}

/** The ids of the files that a Markdown text names, as pictures or links, each once. */
export function mediaNamedIn(text: string, site: Site): string[] {
  if (!text.includes('/media/')) return []
  return [...new Set(destinationsIn(text).flatMap(({ address }) => mediaIdOf(address, site) ?? []))]
}

/**
 * An address of a file that works without a bearer for some hours.
 * @param options.width of an image: the smallest of its widths that is no smaller, in pixels
 */
export function signedAddress(
  config: Config,
  id: string,
  options: { at: Date; width?: string | undefined },
): string {
  const { expires, signature } = signMediaLink(config, id, options.at)
  const width = options.width === undefined ? '' : `&width=${options.width}`
  return `${config.publicUrl}/api/media/${id}?expires=${expires}&signature=${signature}${width}`
}

/**
 * HTML as `renderMarkdown` makes it, with signed addresses of the files that it shows or leads to; after rendering, which is shared by all
 * readers.
 * @param ids the files that its reader may see: addresses of others stay as they are
 */
export function signMediaIn(html: string, ids: readonly string[], config: Config, at: Date): string {
  if (ids.length === 0) return html
  return html.replace(/(<img src|<a href)="([^"]*)"/g, (written, begin: string, address: string) => {
    const id = mediaIdOf(address, config)
    if (id === null || !ids.includes(id)) return written
    const width = /[?;&]width=(\d{1,5})(?![^&#])/.exec(address)?.[1]
    return `${begin}="${escapeHtml(signedAddress(config, id, { at, width }))}"`
  })
}
