export { createAuthenticate } from './authenticate.ts'
export { watchRevocations } from './revocations.ts'
