import type { Db } from '../../platform/database/database.ts'
import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { actorOf } from '../../platform/http/guard.ts'
import { signedIn } from '../../platform/http/policy.ts'
import { responses } from '../../platform/http/schemas.ts'
import { changePreferences } from './change-preferences.ts'
import { kindNames, traitsOf } from './kinds.ts'
import { findChoices } from './preference-queries.ts'
import { Preferences, PreferencesChange } from './schemas.ts'

const tags = ['Notifications']

export function preferenceRoutes(app: App, { db, transact }: Deps): void {
  app.get(
    '/notifications/preferences',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'readNotificationPreferences',
        summary: 'By which channels one is told of what',
        tags,
        response: responses({ 200: Preferences }),
      },
    },
    (request) => presentPreferences(db, actorOf(request).userId),
  )

  app.put(
    '/notifications/preferences',
    {
      config: { policy: signedIn },
      schema: {
        operationId: 'changeNotificationPreferences',
        summary: 'Choose the channels by kind; what is left out stays, and what is essential stays on',
        tags,
        body: PreferencesChange,
        response: responses({ 200: Preferences }),
      },
    },
    (request) => {
      const actor = actorOf(request)
      const { userId } = actor
      return transact(async (tx) => {
        await changePreferences(tx, actor, { userId, change: request.body })
        return presentPreferences(tx, userId)
      })
    },
  )
}

async function presentPreferences(db: Db, userId: string): Promise<Preferences> {
  const { digest, choices } = await findChoices(db, userId)
  const chosen = kindNames.map((kind) => {
    const { inApp, email, essential = false } = traitsOf(kind)
    const choice = essential ? undefined : choices.find((row) => row.kind === kind)
    return [kind, { inApp: choice?.in_app ?? inApp, email: choice?.email ?? email, essential }] as const
  })
  return { digest, kinds: Object.fromEntries(chosen) as Preferences['kinds'] }
}
