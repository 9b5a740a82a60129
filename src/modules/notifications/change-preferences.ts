import type { Cause } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { NotificationDigest, NotificationKind } from '../../platform/database/schema.ts'
import { badField } from '../../platform/http/refusal.ts'
import { findAddressees, holdPeopleToTell } from '../accounts/index.ts'
import { collectDigests } from './gather-digests.ts'
import { kindNames, traitsOf } from './kinds.ts'
import {
  type ChoiceRow,
  findChoices,
  lockSettings,
  updateAsUnmailed,
  updateSettings,
  upsertChoices,
} from './preference-queries.ts'
import { nextDigestAt } from './rules.ts'
import type { PreferencesChange } from './schemas.ts'

/** Changes by which channels a person is told of what: what is left out stays. What is on its way by mail keeps to it, too. */
export async function changePreferences(
  tx: Tx,
  cause: Cause,
  { userId, change }: { userId: string; change: PreferencesChange },
): Promise<void> {
  const wishes = kindNames.flatMap((kind) => {
    const wish = change.kinds?.[kind]
    return wish === undefined ? [] : [{ kind, ...wish }]
  })
  for (const { kind, ...wish } of wishes) {
    for (const channel of ['inApp', 'email'] as const) {
      if (traitsOf(kind).essential && wish[channel] === false)
        throw badField(`/kinds/${kind}/${channel}`, 'cannot be switched off')
    }
  }
  // Of somebody who is gone nothing is kept.
  const [person] = await holdPeopleToTell(tx, [userId])
  if (!person) return
  await lockSettings(tx, userId)
  const { digest, choices } = await findChoices(tx, userId)
  const chosen = wishes.map(({ kind, inApp, email }): ChoiceRow => {
    const before = choices.find((choice) => choice.kind === kind)
    return {
      kind,
      in_app: inApp ?? before?.in_app ?? traitsOf(kind).inApp,
      email: email ?? before?.email ?? traitsOf(kind).email,
    }
  })
  if (chosen.length > 0) await upsertChoices(tx, userId, chosen)
  const unwanted = chosen.filter(({ email }) => !email).map(({ kind }) => kind)
  if (unwanted.length > 0) await updateAsUnmailed(tx, userId, unwanted)
  if (change.digest !== undefined && change.digest !== digest)
    await changeDigest(tx, cause, { userId, digest: change.digest })
}

/** No mail of kinds that can be done without, or of one of them: what the link in a mail asks for. */
export async function unsubscribe(
  tx: Tx,
  cause: Cause,
  { userId, from }: { userId: string; from: NotificationKind | 'all' },
): Promise<void> {
  const off = kindNames.filter((kind) => !traitsOf(kind).essential && (from === 'all' || from === kind))
  const change = { kinds: Object.fromEntries(off.map((kind) => [kind, { email: false }])) }
  await changePreferences(tx, cause, { userId, change })
}

async function changeDigest(
  tx: Tx,
  cause: Cause,
  { userId, digest }: { userId: string; digest: NotificationDigest },
): Promise<void> {
  if (digest === 'off') {
    await updateSettings(tx, { userId, digest, nextAt: null })
    // What waits would wait for ever: it is the last digest.
    await collectDigests(tx, [userId])
  } else {
    const [person] = await findAddressees(tx, [userId])
    const nextAt = nextDigestAt(digest, { timezone: person?.timezone ?? null, after: cause.at })
    await updateSettings(tx, { userId, digest, nextAt })
  }
}

/** The next digest comes by the person's new clock. */
export async function moveDigest(tx: Tx, cause: Cause, userId: string): Promise<void> {
  const { digest } = await findChoices(tx, userId)
  if (digest !== 'off') await changeDigest(tx, cause, { userId, digest })
}
