import Markdown, { type MarkdownItOptions, type RendererRule } from 'markdown-it'

const options: MarkdownItOptions = { html: false, linkify: true }
const linkSchemes = new Set(['http:', 'https:', 'mailto:'])

export interface Site {
  /** The address of this server, under whose `/api/media/` our own uploads are. */
  readonly publicUrl: string
}

/**
 * Renders Markdown (CommonMark, https://spec.commonmark.org, with tables and strikethrough) as HTML that can stand in anybody's page:
 * HTML in the text is shown, not obeyed; links lead to http, https, mailto and our own uploads only and lend no trust (`rel="nofollow
 * noopener"`); pictures come from https or are our own uploads, and of others only the description is left. There is no script, form or
 * frame in it, and no attribute but those that Markdown makes.
 *
 * A text made to be slow takes seconds: see `renderMarkdown`.
 * @param text as it was written
 */
export function toHtml(text: string, site: Site): string {
  return markdown.render(text, { publicUrl: site.publicUrl })
}

const markdown = new Markdown(options)
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
markdown.validateLink = isSafeLink
markdown.renderer.rules.link_open = (tokens, index, ...rest) => {
  tokens[index]?.attrSet('rel', 'nofollow noopener')
  return asUsual(tokens, index, ...rest)
}
const image = markdown.renderer.rules.image
markdown.renderer.rules.image = (tokens, index, options, env, self) => {
  const token = tokens[index]
  const source = String(token?.attrGet('src') ?? '')
  if (!token || !image || !isSafePicture(source, env as { publicUrl: string }))
    return markdown.utils.escapeHtml(self.renderInlineAsText(token?.children ?? [], options, env))
  token.attrSet('loading', 'lazy')
  token.attrSet('referrerpolicy', 'no-referrer')
  return image(tokens, index, options, env, self)
}

const asUsual: RendererRule = (tokens, index, options, _env, self) => self.renderToken(tokens, index, options)

/** The second is a synonym of the first. */
const uploads = ['/api/media/', '/api/v1/media/']

/** Written without the host, as our answers do not write them but people do. */
function isUpload(address: string): boolean {
  return uploads.some(
    (path) => address.startsWith(path) && new URL(address, 'https://any').pathname.startsWith(path),
  )
}

function isSafeLink(address: string): boolean {
  if (isUpload(address)) return true
  return URL.canParse(address) && linkSchemes.has(new URL(address).protocol)
}

function isSafePicture(source: string, { publicUrl }: Site): boolean {
  if (isUpload(source)) return true
  if (!URL.canParse(source)) return false
  const { protocol, href } = new URL(source)
  return protocol === 'https:' || uploads.some((path) => href.startsWith(new URL(`${publicUrl}${path}`).href))
}
