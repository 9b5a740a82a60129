export { createAuthenticate } from './authenticate.ts'
export {
  identityLinked,
  passwordChanged,
  sessionOpened,
  userCreated,
  userDeleted,
  userRegistered,
  userRestored,
  userRoleChanged,
  userSuspended,
  userUpdated,
} from './events.ts'
export { exportRoutes } from './export-routes.ts'
export { findActorByEmail } from './find-actor.ts'
export {
  type Addressee,
  findActiveAdmins,
  findAddressees,
  findPeople,
  findPeopleByEmail,
  findRoles,
  holdPeopleByEmail,
  holdPeopleToTell,
  type PersonContact,
  personContact,
  personFits,
} from './find-people.ts'
export { findRole } from './find-role.ts'
export { holdAccount } from './hold-account.ts'
export { schoolAddress } from './link-mails.ts'
export { makeAdmin } from './make-admin.ts'
export { offerAdminClaim } from './offer-admin-claim.ts'
export { hashPassword } from './passwords.ts'
export { isActivePerson, isTeacher, lockActivePerson, type PersonCard, personCard } from './people.ts'
export { avatarUrl, presentPerson } from './present.ts'
export { hasAdmin, hasUsers } from './queries.ts'
export { registerUser } from './register-user.ts'
export { watchRevocations } from './revocations.ts'
export { PersonSummary } from './schemas.ts'
export { findSignIn } from './session-queries.ts'
export { onUserChanged } from './user-signals.ts'
