import { type Check, failure, ok, reasonOf, warning } from './check.ts'

/** Connects and signs in, as far as sending would; sends nothing. */
export const mailCheck: Check = {
  name: 'mail',
  async run({ config }) {
    const { smtpUrl, production, mailFrom } = config
    if (smtpUrl === null)
      return production
        ? warning('Mails are kept in a folder and sent to nobody.', 'Set SMTP_URL and MAIL_FROM.')
        : ok('Mails go into the development mailbox.')
    const { host } = new URL(smtpUrl)
    try {
      const { verifySmtp } = await import('../mail/smtp.ts')
      await verifySmtp(smtpUrl)
    } catch (error) {
      return failure(
        `The mail server ${host} does not take mails: ${reasonOf(error)}.`,
        'Check SMTP_URL: host, port, account, and whether this machine may reach it.',
      )
    }
    if (/@localhost>?\s*$/.test(mailFrom))
      return warning(`The mail server ${host} answers, but mails come from localhost.`, 'Set MAIL_FROM.')
    return ok(`The mail server ${host} takes mails.`)
  },
}
