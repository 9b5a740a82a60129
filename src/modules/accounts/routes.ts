import type { Deps } from '../../platform/deps.ts'
import type { App } from '../../platform/http/app.ts'
import { takeForms } from '../../platform/http/read-form-file.ts'
import { avatarRoutes } from './avatar-routes.ts'
import { claimRoutes } from './claim-routes.ts'
import { emailRoutes } from './email-routes.ts'
import { identityRoutes } from './identity-routes.ts'
import { passwordRoutes } from './password-routes.ts'
import { profileRoutes } from './profile-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { createThrottle } from './throttle.ts'
import { userRoutes } from './user-routes.ts'

export async function accountRoutes(app: App, deps: Deps): Promise<void> {
  const throttle = createThrottle(deps)
  sessionRoutes(app, deps, throttle)
  identityRoutes(app, deps)
  passwordRoutes(app, deps, throttle)
  emailRoutes(app, deps)
  claimRoutes(app, deps)
  profileRoutes(app, deps, throttle)
  await takeForms(app, (forms) => avatarRoutes(forms, deps))
  userRoutes(app, deps)
}
