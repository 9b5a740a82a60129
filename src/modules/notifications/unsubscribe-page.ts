import { escapeHtml } from '../../platform/html.ts'
import { pageHeaders } from '../../platform/http/page-headers.ts'

const style = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
body { max-width: 26rem; margin: 12vh auto; padding: 0 1.5rem }
h1 { font-size: 1.6rem; margin: 0 0 .5rem }
button { display: block; width: 100%; padding: .6rem; margin-top: 1rem; font: inherit; cursor: pointer }`

/** No script: the buttons are a plain form, sent to this very address. */
export const unsubscribePageHeaders = pageHeaders({ style, forms: true })

/** A button, and not the opening of the page: programs that check the links in mails open them, too. */
export function renderQuestion(about: string | null): string {
  const one = `<button name="List-Unsubscribe" value="One-Click">No more mails about “${escapeHtml(about ?? '')}”</button>`
  const all = '<button name="from" value="all">No more mails of any kind</button>'
  return renderPage(
    'Unsubscribe',
    `<p>You will still be told in the school itself, and mailed what you must not miss: payments, and the safety of your account.</p>
<form method="post">${about === null ? '' : one}${all}</form>`,
  )
}

export function renderDone(about: string | null): string {
  const what = about === null ? 'of any kind that you can do without' : `about “${escapeHtml(about)}”`
  return renderPage(
    'Done',
    `<p role="status">You will get no more mails ${what}. To have them again, sign in and change your notifications.</p>`,
  )
}

export function renderInvalid(): string {
  return renderPage(
    'This link does not work',
    '<p>It is incomplete, or not from here. Copy the whole address from the mail, or sign in and change your notifications.</p>',
  )
}

function renderPage(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style></head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`
}
