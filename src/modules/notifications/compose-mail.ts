import { escapeHtml } from '../../platform/html.ts'

export interface Letter {
  readonly subject: string
  readonly parts: readonly { readonly title: string; readonly body: string }[]
  /** How many it tells nothing of but that they are there. */
  readonly more?: number
  readonly school: string
  /** Where to read on. */
  readonly address: string
  /** How to get no more of these mails, which are about something, or (null) of several things. */
  readonly end: { readonly about: string | null; readonly url: string } | null
}

export interface Composed {
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly unsubscribeUrl?: string
}

/** A mail of notifications, as text and as HTML: without images, scripts or anything from elsewhere. */
export function composeMail(letter: Letter): Composed {
  const { subject, end } = letter
  return {
    subject,
    text: renderText(letter),
    html: renderHtml(letter),
    ...(end ? { unsubscribeUrl: end.url } : {}),
  }
}

function renderText({ parts, more = 0, school, address, end }: Letter): string {
  const several = parts.length + more > 1
  const told = parts.map(({ title, body }) => (several ? `* ${title}\n\n${body}` : body))
  const lines = ['Hello,', ...told, ...(more > 0 ? [moreLine(more)] : []), `${school}\n${address}`]
  if (end) lines.push(`-- \n${endLine(end)}:\n${end.url}`)
  return `${lines.join('\n\n')}\n`
}

const style = {
  page: 'margin:0;background:#f4f4f6;color:#1b1c20;font:16px/1.6 system-ui,-apple-system,Segoe UI,sans-serif',
  card: 'max-width:34rem;margin:0 auto;padding:2rem 1.5rem;background:#fff',
  title: 'font-size:1.1rem;line-height:1.35;margin:1.5rem 0 .25rem',
  body: 'margin:0 0 1rem;white-space:pre-line',
  button:
    'display:inline-block;padding:.6rem 1.2rem;border-radius:.4rem;background:#1f4fd8;color:#fff;text-decoration:none',
  end: 'margin:2rem 0 0;padding-top:1rem;border-top:1px solid #e3e3e8;font-size:.85rem;color:#5d5f68',
}

function renderHtml({ subject, parts, more = 0, school, address, end }: Letter): string {
  const told = parts.map(
    ({ title, body }) =>
      `<h2 dir="auto" style="${style.title}">${escapeHtml(title)}</h2>\n<p dir="auto" style="${style.body}">${escapeHtml(body)}</p>`,
  )
  return `<!doctype html>
<html lang="en" dir="ltr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title></head>
<body style="${style.page}">
<div style="${style.card}">
<p>Hello,</p>
${told.join('\n')}
${more > 0 ? `<p>${moreLine(more)}</p>` : ''}
<p><a href="${escapeHtml(address)}" style="${style.button}">Open ${escapeHtml(school)}</a></p>
${end ? `<p style="${style.end}">${escapeHtml(endLine(end))}: <a href="${escapeHtml(end.url)}">unsubscribe</a></p>` : ''}
</div>
</body>
</html>
`
}

function moreLine(more: number): string {
  return `And ${more} more.`
}

function endLine({ about }: { about: string | null }): string {
  return about === null ? 'To get no more of these mails' : `To get no more mails about “${about}”`
}
