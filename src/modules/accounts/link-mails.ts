import type { Config } from '../../platform/config.ts'
import { escapeHtml } from '../../platform/html.ts'

/** What a one-time link is for, as its mail tells it. */
export type LinkErrand = 'reset' | 'invitation' | 'verification'

interface Words {
  readonly subject: string
  readonly why: string
  readonly action: string
  readonly end: string
}

const words: Record<LinkErrand, Words> = {
  reset: {
    subject: 'Set a new password',
    why: 'Somebody, hopefully you, asked for a new password for your account.',
    action: 'Set a new password',
    end: 'The link works once, for one hour. If you did not ask for it, do nothing: your password stays as it is.',
  },
  invitation: {
    subject: 'You have an account: choose a password',
    why: 'The school has made an account for you.',
    action: 'Choose a password',
    end: 'The link works once, for seven days. Afterwards, ask for a new one where you sign in, by "forgot password".',
  },
  verification: {
    subject: 'Confirm your e-mail address',
    why: 'An account was made with this e-mail address.',
    action: 'Confirm the address',
    end: 'The link works once, for three days. If you made no account, do nothing.',
  },
}

/**
 * The mail that carries a one-time link. It does not name the person: strangers can register any address under any "name", and
 * our mail must not carry their text there.
 */
export function composeLinkMail(
  errand: LinkErrand,
  link: string,
  config: Config,
): { subject: string; text: string; html: string } {
  const { subject, why, action, end } = words[errand]
  const school = config.publicUrl
  const text = `Hello,\n\n${why}\n\n${action}:\n${link}\n\n${end}\n\n${school}\n`
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>
<body style="font: 16px/1.5 sans-serif; max-width: 36rem">
<p>Hello,</p>
<p>${escapeHtml(why)}</p>
<p><a href="${escapeHtml(link)}">${escapeHtml(action)}</a></p>
<p>If that does not open, copy this address: ${escapeHtml(link)}</p>
<p>${escapeHtml(end)}</p>
<p>${escapeHtml(school)}</p>
</body></html>
`
  return { subject, text, html }
}

const pages: Record<LinkErrand, string> = {
  reset: 'reset-password',
  invitation: 'reset-password',
  verification: 'verify-email',
}

/** The page of the school's front end that a link opens, or our own small one where no front end is configured. */
export function linkAddress(errand: LinkErrand, token: string, config: Config): string {
  return `${schoolAddress(config)}/${pages[errand]}?token=${encodeURIComponent(token)}`
}

/** Where people find the school: its front end, or we where none is configured. Without a slash at the end. */
export function schoolAddress(config: Config): string {
  const frontEnd = config.corsOrigins.find((origin) => /^https?:\/\//.test(origin) && URL.canParse(origin))
  return (frontEnd ?? config.publicUrl).replace(/\/$/, '')
}
