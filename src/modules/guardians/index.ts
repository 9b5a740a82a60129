export { presentLink } from './present.ts'
export { findChildren, findParents } from './queries.ts'
export { noteLooks, requireChild } from './require-child.ts'
export { GuardianLink } from './schemas.ts'
