import { escapeHtml } from '../../platform/html.ts'
import { pageHeaders } from '../../platform/http/page-headers.ts'
import type { CertificateRow } from './queries.ts'
import { formatCode, formatDay } from './rules.ts'

const style = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
body { max-width: 34rem; margin: 10vh auto; padding: 0 1.5rem }
h1 { font-size: 1.6rem; margin: 0 0 1.5rem }
h1::before { display: inline-block; width: 2rem; margin-right: .6rem; border-radius: 1rem; text-align: center; color: #fff }
.valid::before { content: '\\2713'; background: #177245 }
.revoked::before, .unknown::before { content: '\\2715'; background: #b3261e }
dl { display: grid; grid-template-columns: 8rem 1fr; gap: .4rem 1rem; margin: 0 }
dt { opacity: .7 }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere }
details { margin-top: 2rem }
code { overflow-wrap: anywhere; font-size: .8rem }
footer { margin-top: 2rem; opacity: .7 }`

/** No script: what the QR code carries behind the # never reaches the server, and is not needed here. */
export const verifyPageHeaders = pageHeaders({ style, forms: false })

/** What anybody who was shown a certificate gets to see. */
export function renderVerifyPage(
  certificate: CertificateRow | undefined,
  { school, asked }: { school: string; asked: string },
): string {
  const { state, title } = stateOf(certificate)
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · ${escapeHtml(school)}</title><style>${style}</style></head>
<body>
<main>
<h1 class="${state}">${title}</h1>
${certificate ? describe(certificate) : `<p>${escapeHtml(school)} has issued no certificate with the code <strong>${escapeHtml(asked)}</strong>. Compare it with the document, letter by letter.</p>`}
</main>
<footer>${escapeHtml(school)}</footer>
</body>
</html>
`
}

function stateOf(certificate: CertificateRow | undefined) {
  if (!certificate) return { state: 'unknown', title: 'Unknown certificate' }
  return certificate.revoked_at
    ? { state: 'revoked', title: 'Revoked certificate' }
    : { state: 'valid', title: 'Valid certificate' }
}

function describe(certificate: CertificateRow): string {
  const { school, holder, course_title, code, issued_at, revoked_at, token } = certificate
  const lines: [label: string, value: string][] = [
    ['Holder', holder],
    ['Course', course_title],
    ['Issued by', school],
    ['Issued on', formatDay(issued_at)],
  ]
  if (revoked_at) lines.push(['Revoked on', formatDay(revoked_at)])
  lines.push(['Code', formatCode(code)])
  const list = lines.map(([label, value]) => `<dt>${label}</dt><dd dir="auto">${escapeHtml(value)}</dd>`)
  return `<dl>
${list.join('\n')}
</dl>
<details><summary>Signature</summary>
<p>The same, signed with Ed25519 (JSON Web Signature). The keys are at <a href="/.well-known/jwks.json">/.well-known/jwks.json</a>.</p>
<code>${escapeHtml(token)}</code>
</details>`
}
