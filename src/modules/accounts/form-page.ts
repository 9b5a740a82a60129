import { escapeHtml } from '../../platform/html.ts'
import { pageHeaders } from '../../platform/http/page-headers.ts'

interface Field {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'email' | 'password'
  readonly autocomplete: string
  readonly hint?: string
}

/** A form that sends its fields, and the token of the page's address, to one endpoint of the API. */
export interface FormPage {
  readonly title: string
  readonly intro: string
  /** Relative, so that it holds behind a path prefix, too. */
  readonly action: string
  readonly fields: readonly Field[]
  readonly button: string
  /** What is told when it is done. */
  readonly done: string
}

const style = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
body { max-width: 26rem; margin: 12vh auto; padding: 0 1.5rem }
h1 { font-size: 1.6rem; margin: 0 0 .5rem }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600 }
input, button { box-sizing: border-box; width: 100%; padding: .6rem; font: inherit }
button { margin-top: 1.5rem; cursor: pointer }
small { display: block }
[role=status] { min-height: 1.6em; margin: 1rem 0; font-weight: 600 }`

const script = `
const form = document.querySelector('form')
const told = document.querySelector('[role=status]')
const button = document.querySelector('button')
const token = new URLSearchParams(location.search).get('token') ?? ''
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  button.disabled = true
  told.textContent = ''
  try {
    const response = await fetch(form.dataset.action, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, ...Object.fromEntries(new FormData(form)) }),
    })
    form.hidden = response.ok
    told.textContent = response.ok ? form.dataset.done : (await response.json()).detail
  } catch {
    told.textContent = 'The school did not answer. Try again.'
  }
  button.disabled = false
})
`

/** Everything of the page is in it, and the browser is told so; the token stays in its address, which no other site is told. */
export const formPageHeaders = pageHeaders({ style, script, forms: false })

export function renderFormPage({ title, intro, action, fields, button, done }: FormPage): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(intro)}</p>
<noscript><p>This page needs JavaScript.</p></noscript>
<form method="post" data-action="${escapeHtml(action)}" data-done="${escapeHtml(done)}">
${fields.map(renderField).join('\n')}
<button>${escapeHtml(button)}</button>
</form>
<p role="status"></p>
</main>
<script type="module">${script}</script>
</body>
</html>
`
}

function renderField({ name, label, type, autocomplete, hint }: Field): string {
  const limits = type === 'password' ? ' minlength="8" maxlength="72"' : ''
  const described = hint ? ` aria-describedby="${name}-hint"` : ''
  return `<label for="${name}">${escapeHtml(label)}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" required${limits}${described}>
${hint ? `<small id="${name}-hint">${escapeHtml(hint)}</small>` : ''}`
}
