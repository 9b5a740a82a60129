import type { Config } from '../../platform/config.ts'
import { presentPerson } from '../accounts/index.ts'
import type { LinkRow } from './queries.ts'
import type { GuardianLink } from './schemas.ts'

export function presentLink({ id, parent, child, created_at }: LinkRow, config: Config): GuardianLink {
  return {
    id,
    parent: presentPerson(parent, config),
    child: presentPerson(child, config),
    createdAt: created_at,
  }
}
