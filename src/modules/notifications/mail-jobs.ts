import type { Deps } from '../../platform/deps.ts'
import { type Addressee, findAddressees, schoolAddress } from '../accounts/index.ts'
import { composeMail } from './compose-mail.ts'
import { findUnsent, findUnsentOfDigest, type UnsentRow, updateAsSent } from './digest-queries.ts'
import { findNews } from './find-news.ts'
import { traitsOf } from './kinds.ts'
import { unsubscribeUrl } from './unsubscribe-tokens.ts'

/**
 * Mails a notification. What was sent is noted after the mail server took it: a job that runs again sends nothing, and one that was
 * killed in between sends the same mail under the same id, which mail programs show once.
 */
export async function sendNotification(deps: Deps, notificationId: string): Promise<void> {
  const { db, mailer, transact, clock, config } = deps
  const row = await findUnsent(db, notificationId)
  if (!row || (await findNews(db, row.user_id, [row])).length === 0) return
  const { essential = false, about } = traitsOf(row.kind)
  const person = await findMailed(deps, row.user_id, { essential })
  if (!person) return
  const end = essential ? null : { about, url: unsubscribeUrl(config, { userId: person.id, from: row.kind }) }
  const mail = composeMail({ subject: row.title, parts: [row], ...letterhead(deps), end })
  await mailer.send({ id: notificationId, to: person.email, ...mail })
  await transact((tx) => updateAsSent(tx, [notificationId], clock.now()))
}

const mostParts = 50

/** Mails what was gathered, as one. */
export async function sendDigest(
  deps: Deps,
  { digestId, userId }: { digestId: string; userId: string },
): Promise<void> {
  const { db, mailer, transact, clock, config } = deps
  const rows = await findNews(db, userId, await findUnsentOfDigest(db, digestId))
  const person = rows.length > 0 && (await findMailed(deps, userId, { essential: false }))
  if (!person) return
  const mail = composeMail({
    subject: subjectOf(rows, config.schoolName),
    parts: rows.slice(0, mostParts),
    more: Math.max(0, rows.length - mostParts),
    ...letterhead(deps),
    end: { about: null, url: unsubscribeUrl(config, { userId: person.id, from: 'all' }) },
  })
  await mailer.send({ id: digestId, to: person.email, ...mail })
  const ids = rows.map(({ id }) => id)
  await transact((tx) => updateAsSent(tx, ids, clock.now()))
}

function subjectOf(rows: readonly UnsentRow[], school: string): string {
  return rows.length === 1 ? (rows[0]?.title ?? '') : `${rows.length} notifications from ${school}`
}

function letterhead({ config }: Deps) {
  return { school: config.schoolName, address: schoolAddress(config) }
}

/** An address that nobody has confirmed may be a stranger's: it gets no more than it must. */
async function findMailed(
  { db }: Deps,
  userId: string,
  { essential }: { essential: boolean },
): Promise<Addressee | undefined> {
  const [person] = await findAddressees(db, [userId])
  return person && (person.verified || essential) ? person : undefined
}
