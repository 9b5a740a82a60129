import { domainToASCII } from 'node:url'
import { createTransport } from 'nodemailer'
import { checkMail, type Mailer } from './mailer.ts'

const timeout = 10_000

/**
 * Sends by SMTP (RFC 5321) over at most five kept connections, with STARTTLS where the server offers it. Each step of
 * the conversation may take 10 s: connecting, from the name lookup to the greeting, and then each answer.
 * @param url `smtp://[user:password@]host[:port]`, or `smtps://` for TLS from the start; nodemailer's options may
 *   follow as a query, such as `?requireTLS=true`. https://nodemailer.com/smtp
 * @param from the sender: `no-reply@example.org` or `Name <no-reply@example.org>`
 * @throws Error at once where `url` or `from` cannot be used
 */
export function createSmtpMailer({ url, from }: { url: string; from: string }): Mailer {
  const { protocol, host } = new URL(url)
  if (protocol !== 'smtp:' && protocol !== 'smtps:')
    throw new Error('the mail server is an smtp: or smtps: URL')
  const domain = domainToASCII(/@([^\s@<>]+)>?\s*$/.exec(from)?.[1] ?? '')
  if (domain === '') throw new Error(`mail cannot come from "${from}": it holds no address`)
  const transport = createTransport({
    url,
    pool: true,
    connectionTimeout: timeout,
    socketTimeout: timeout,
    // what a mail holds is text, never the name of a file or address to read
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send(mail) {
      const { id, to, subject, text, html, unsubscribeUrl } = checkMail(mail)
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          messageId: `<${dotAtom(id)}@${domain}>`,
          subject,
          text,
          ...(html === undefined ? {} : { html }),
          headers: {
            // RFC 3834, section 5: no out-of-office answers to a machine
            'Auto-Submitted': 'auto-generated',
            ...(unsubscribeUrl === undefined
              ? {}
              : {
                  'List-Unsubscribe': `<${unsubscribeUrl}>`,
                  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
                }),
          },
        })
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        // Servers repeat the address, and what is thrown here is logged and written down (`job_days`, dead letters): not the cause, either.
        const unnamed = reason.replaceAll(new RegExp(RegExp.escape(to), 'gi'), 'the recipient')
        throw new Error(`mail ${id} was not accepted by ${host}: ${unnamed}`)
      }
    },
    async close() {
      transport.close()
    },
  }
}

/** Connects and signs in, and sends nothing. @throws Error that says what the server refused, or that it does not answer */
export async function verifySmtp(url: string): Promise<void> {
  const transport = createTransport({ url, connectionTimeout: timeout, socketTimeout: timeout })
  try {
    await transport.verify()
  } finally {
    transport.close()
  }
}

/** Any text as the left part of a Message-ID (RFC 5322, sections 3.2.3 and 3.6.4): other characters percent-encoded. */
function dotAtom(text: string): string {
  return encodeURIComponent(text).replace(
    /[.!'()*~]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
