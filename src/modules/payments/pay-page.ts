import { escapeHtml } from '../../platform/html.ts'
import { pageHeaders } from '../../platform/http/page-headers.ts'
import { formatMoney } from '../../platform/money.ts'
import type { PaymentRow } from './queries.ts'

const style = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
body { max-width: 26rem; margin: 12vh auto; padding: 0 1.5rem }
h1 { font-size: 1.6rem; margin: 0 0 .5rem }
.amount { font-size: 2rem; font-weight: 600; margin: 1rem 0 }
form { display: flex; gap: 1rem; margin-top: 1.5rem }
button { flex: 1; padding: .6rem; font: inherit; cursor: pointer }
small { display: block; margin-top: 2rem }`

/** No script at all: the two buttons are a plain form, sent to this very page. */
export const payPageHeaders = pageHeaders({ style, forms: true })

const told: Readonly<Record<PaymentRow['status'], string>> = {
  pending: 'This payment waits for the money.',
  captured: 'Paid. Thank you: the course is open for you.',
  failed: 'This payment did not succeed. Start again from the course.',
  refunded: 'The money was given back.',
}

export function renderPayPage(shown: {
  payment: PaymentRow
  title: string
  /** What was just decided here, while the webhook is on its way. */
  said: 'paid' | 'declined' | null
}): string {
  const { payment, title, said } = shown
  const { amount, currency, status, gateway } = payment
  const open = gateway === 'simulator' && status === 'pending' && said !== 'paid'
  const text = status === 'pending' && said === 'paid' ? 'Paid. The course opens in a moment.' : told[status]
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="amount">${escapeHtml(formatMoney({ amount, currency }, 'en'))}</p>
${open ? buttons : `<p role="status">${escapeHtml(text)}</p>`}
${gateway === 'simulator' ? '<small>This is the payment simulator: no money moves.</small>' : ''}
</main>
</body>
</html>
`
}

const buttons = `<form method="post">
<button name="outcome" value="paid">Pay</button>
<button name="outcome" value="declined">Decline</button>
</form>`
