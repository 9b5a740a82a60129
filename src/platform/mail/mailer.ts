/** A mail to one person. Plain text always; HTML beside it where it helps. */
export interface Mail {
  /** Names this mail for good: a retry has the same one, so that it is recognised (and becomes the Message-ID). */
  readonly id: string
  /** One bare address: `ada@example.org`. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
}

export interface Mailer {
  /** Resolves once the mail is accepted for delivery; rejects otherwise, and the caller may try again. */
  send(mail: Mail): Promise<void>
  /** Finishes what is being sent and lets go of connections. */
  close(): Promise<void>
}

/** One address and nothing that could start a second one, a display name or (CR, LF) another header. */
const oneAddress = /^[^\s\p{Cc}@<>()[\]\\,;:"]+@[^\s\p{Cc}@<>()[\]\\,;:"]+$/u

/**
 * The mail as every mailer sends it: the subject on one line, since a course title in it may hold line breaks.
 * @throws Error where `to` is not one bare address of at most 254 characters (RFC 5321, section 4.5.3.1.3), or the
 *   id is not 1 to 200 characters long
 */
export function checkMail(mail: Mail): Mail {
  if (!oneAddress.test(mail.to) || mail.to.length > 254)
    throw new Error(`mail ${mail.id}: "to" is not one address`)
  if (mail.id.length < 1 || mail.id.length > 200) throw new Error('a mail id has 1 to 200 characters')
  return { ...mail, subject: mail.subject.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim() }
}
