import { hash } from 'node:crypto'

/**
 * The headers of a page that stands alone and is about one person: all of it is in the page, and the browser is held to that (Content
 * Security Policy Level 3, by the hashes of its style and script); no cache, search engine or other site gets to know of it.
 * @param page.forms whether it sends a form, to its own origin
 * @param page.script may ask its own origin
 */
export function pageHeaders(page: {
  style: string
  script?: string
  forms: boolean
}): Record<string, string> {
  const { style, script, forms } = page
  return {
    'content-security-policy': [
      "default-src 'none'",
      `style-src ${sourceOf(style)}`,
      ...(script === undefined ? [] : [`script-src ${sourceOf(script)}`, "connect-src 'self'"]),
      `form-action ${forms ? "'self'" : "'none'"}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex',
  }
}

const sourceOf = (text: string) => `'sha256-${hash('sha256', text, 'base64')}'`
