export { isGuardian, requireChild } from './require-child.ts'
