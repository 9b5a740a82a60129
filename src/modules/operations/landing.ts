import { hash } from 'node:crypto'

const style = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
body { max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem }
h1 { font-size: 2.2rem; margin: 0 }
p { margin: .4rem 0 2rem }
li { margin: .4rem 0 }
code { font-size: .95em }`

/** The page at `/`: where everything is. */
export function renderLanding(shown: { mailbox: boolean; example: boolean }): {
  html: string
  headers: Record<string, string>
} {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Lectern</title><style>${style}</style></head>
<body>
<h1>Lectern</h1>
<p>The headless learning platform. This is its API; the school's own site or app goes in front.</p>
<ul>
<li><a href="/docs/">API reference</a></li>
<li><a href="/openapi.json">OpenAPI document</a>, and <a href="/asyncapi.json">AsyncAPI document</a> of what goes over sockets</li>
<li><a href="/api/courses">The course catalogue</a>, as <code>GET /api/courses</code> answers it</li>
${shown.example ? '<li><a href="/example">An example</a>: a small front end of this school, made with the typed client</li>' : ''}
${shown.mailbox ? '<li><a href="/dev/mailbox">Mailbox</a>: the mails this school has sent</li>' : ''}
<li><a href="/healthz">Health</a> and <a href="/readyz">readiness</a></li>
</ul>
</body>
</html>
`
  const policy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  return { html, headers: { 'content-security-policy': policy } }
}
