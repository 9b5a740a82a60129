import type { Updateable } from 'kysely'
import type { Actor } from '../../platform/actor.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Users } from '../../platform/database/schema.ts'
import { publish } from '../../platform/events/events.ts'
import { badField, refuse, unauthenticated } from '../../platform/http/refusal.ts'
import { canonicalLanguage } from '../../platform/languages.ts'
import { isTimezone } from '../../platform/time-zones.ts'
import { userUpdated } from './events.ts'
import { type UserRow, updateUser } from './queries.ts'
import type { ProfileChange } from './schemas.ts'

/** Changes what a person tells of themselves: what is left out stays, null clears. */
export async function updateProfile(tx: Tx, actor: Actor, input: ProfileChange): Promise<UserRow> {
  const change = readChange(input)
  const user = await updateUser(tx, actor.userId, { ...change, updated_at: actor.at })
  if (!user) throw refuse(unauthenticated)
  const fields = Object.keys(change)
  if (fields.length > 0) await publish(tx, userUpdated, { userId: user.id, fields }, actor)
  return user
}

function readChange({ name, headline, bio, locale, timezone }: ProfileChange): Updateable<Users> {
  return {
    ...(name === undefined ? {} : { name: name.trim() }),
    ...(headline === undefined ? {} : { headline: headline?.trim() ?? null }),
    ...(bio === undefined ? {} : { bio }),
    ...(locale === undefined ? {} : { locale: locale && readLocale(locale) }),
    ...(timezone === undefined ? {} : { timezone: timezone && readTimezone(timezone) }),
  }
}

function readLocale(said: string): string {
  const locale = canonicalLanguage(said)
  if (locale === null) throw badField('/locale', 'must be a language tag such as en-IN (BCP 47)')
  return locale
}

function readTimezone(said: string): string {
  if (!isTimezone(said)) throw badField('/timezone', 'must be a time zone such as Asia/Kolkata (IANA)')
  return said
}
