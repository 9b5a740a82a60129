/** A mail to one person. Plain text always; HTML beside it where it helps. */
export interface Mail {
  /** Names this mail for good: a retry has the same one, so that it is recognised (and becomes the Message-ID). */
  readonly id: string
  /** One bare address: `ada@example.org`. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
  /**
   * Where one click ends mails of this kind: becomes List-Unsubscribe and List-Unsubscribe-Post (RFC 2369, RFC 8058), which mail
   * programs show as a button. It takes a POST without cookies, and changes nothing on a GET.
   */
  readonly unsubscribeUrl?: string
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
 * @throws Error where `to` is not one bare address of at most 254 characters (RFC 5321, section 4.5.3.1.3), the
 *   id is not 1 to 200 characters long, or the address to unsubscribe at is none that a header can hold
 */
export function checkMail(mail: Mail): Mail {
  if (!oneAddress.test(mail.to) || mail.to.length > 254)
    throw new Error(`mail ${mail.id}: "to" is not one address`)
  if (mail.id.length < 1 || mail.id.length > 200) throw new Error('a mail id has 1 to 200 characters')
  if (
    mail.unsubscribeUrl !== undefined &&
    !/^https?:\/\/[\x21-\x3b\x3d\x3f-\x7e]+$/.test(mail.unsubscribeUrl)
  )
    throw new Error(`mail ${mail.id}: the address to unsubscribe at is no URL`)
  return { ...mail, subject: mail.subject.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim() }
}
