export { createAuthenticate } from './authenticate.ts'
export { type PersonCard, personCard } from './people.ts'
export { avatarUrl } from './present.ts'
export { watchRevocations } from './revocations.ts'
