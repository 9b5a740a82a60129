import type { App } from '../../platform/http/app.ts'
import { anyone } from '../../platform/http/policy.ts'
import { type FormPage, formPageHeaders, renderFormPage } from './form-page.ts'

const password = {
  name: 'password',
  label: 'Password',
  type: 'password',
  autocomplete: 'new-password',
  hint: 'At least 8 characters.',
} as const

const pages: Record<string, FormPage> = {
  '/reset-password': {
    title: 'Set a password',
    intro: 'You will be signed out on every device.',
    action: 'api/auth/password/reset',
    fields: [password],
    button: 'Set the password',
    done: 'Done. Sign in with the new password.',
  },
  // A button, and not the opening of the page: programs that check the links in mails open them, too.
  '/verify-email': {
    title: 'Confirm your e-mail address',
    intro: 'One click, and the address is confirmed.',
    action: 'api/auth/email/verify',
    fields: [],
    button: 'Confirm',
    done: 'Thank you: your e-mail address is confirmed.',
  },
  '/claim': {
    title: 'Become the admin of this school',
    intro: 'It has none yet. This page works once.',
    action: 'api/auth/claim',
    fields: [
      { name: 'name', label: 'Your name', type: 'text', autocomplete: 'name' },
      { name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'username' },
      password,
    ],
    button: 'Become the admin',
    done: 'You are the admin. Sign in with this e-mail address and password.',
  },
}

/** Where links from mails and from the first start lead while no front end has pages of its own for them. */
export function accountPages(app: App): void {
  for (const [path, page] of Object.entries(pages)) {
    const html = renderFormPage(page)
    app.get(path, { config: { policy: anyone }, schema: { hide: true } }, async (_request, reply) =>
      reply.headers(formPageHeaders).type('text/html; charset=utf-8').send(html),
    )
  }
}
