/**
 * What browsers are held to by every answer, until a page says otherwise of itself: the headers of the OWASP Secure Headers Project. They
 * are the same for every request, so they are written once.
 * @param publicUrl how browsers reach the school: by TLS only, once they did so by it
 */
export function securityHeaders(publicUrl: string): Readonly<Record<string, string>> {
  const headers = {
    'content-security-policy':
      "default-src 'none';object-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'cross-origin',
    'origin-agent-cluster': '?1',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
    'x-download-options': 'noopen',
    'x-frame-options': 'SAMEORIGIN',
    'x-permitted-cross-domain-policies': 'none',
    // The filter of old browsers could be used against pages that were sound.
    'x-xss-protection': '0',
  }
  if (!publicUrl.startsWith('https:')) return headers
  return { ...headers, 'strict-transport-security': 'max-age=31536000; includeSubDomains' }
}
