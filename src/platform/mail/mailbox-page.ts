import { escapeHtml } from '../html.ts'
import type { KeptMail } from './mailbox.ts'

const styles = `
:root { color-scheme: light dark; --line: light-dark(#e3e3e8, #33343a); --soft: light-dark(#6b6d76, #9a9ca6);
  --card: light-dark(#fff, #1d1e22); --link: light-dark(#1f4fd8, #8fb0ff) }
body { margin: 0; background: light-dark(#f6f6f8, #141518); color: light-dark(#1b1c20, #ececf0);
  font: 16px/1.55 system-ui, sans-serif }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1rem 4rem }
h1 { font-size: 1.5rem; margin: 0 }
.note { color: var(--soft); margin: .25rem 0 2rem }
article { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; margin: 0 0 1rem }
header { padding: .9rem 1.15rem; border-bottom: 1px solid var(--line) }
h2 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere }
header p { color: var(--soft); font-size: .875rem; margin: .1rem 0 0; overflow-wrap: anywhere }
pre { font: inherit; margin: 0; padding: 1rem 1.15rem; white-space: pre-wrap; overflow-wrap: anywhere }
a { color: var(--link) }`

/** The mailbox as one HTML page without scripts, images or anything from elsewhere. */
export function renderMailbox(mails: readonly KeptMail[]): string {
  const count = mails.length === 1 ? '1 mail' : `${mails.length} mails`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Mailbox (${mails.length}) - Lectern</title>
<style>${styles}</style>
</head>
<body>
<main>
<h1>Mailbox</h1>
<p class="note">${count}, newest first. No mail server is set, so nothing leaves this machine. Reload for new mail;
<a href="/dev/mailbox.json">JSON</a> for scripts.</p>
${mails.map(renderMail).join('\n')}
</main>
</body>
</html>
`
}

function renderMail(mail: KeptMail): string {
  const time = `${mail.sentAt.slice(0, 10)} ${mail.sentAt.slice(11, 16)} UTC`
  return `<article>
<header><h2>${escapeHtml(mail.subject)}</h2>
<p>to ${escapeHtml(mail.to)}, <time datetime="${escapeHtml(mail.sentAt)}">${escapeHtml(time)}</time></p></header>
<pre>${linked(mail.text)}</pre>
</article>`
}

/** The text with its http(s) addresses clickable; a full stop or bracket after one is not part of it. */
function linked(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]}])/)
    .map((part, index) =>
      index % 2 === 0 ? escapeHtml(part) : `<a href="${escapeHtml(part)}">${escapeHtml(part)}</a>`,
    )
    .join('')
}
