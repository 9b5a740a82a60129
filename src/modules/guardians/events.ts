import { Type } from 'typebox'
import { type AuditRule, defineEvent, defineUnheardEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const link = Type.Object({ parentId: Id, childId: Id })
/** Who may look at a child, and who did, is kept for good. */
const audit: AuditRule<'parentId' | 'childId'> = {
  when: 'always',
  subject: 'user',
  ids: ['childId', 'parentId'],
}

export const guardianCodeMade = defineUnheardEvent('guardian.code_made', Type.Object({ childId: Id }))
export const guardianLinked = defineUnheardEvent('guardian.linked', link, audit)
export const guardianRemoved = defineEvent('guardian.removed', link, audit)
/** A parent looked at a child: `what` is the part that was shown. */
export const childViewed = defineUnheardEvent(
  'child.viewed',
  Type.Object({ parentId: Id, childId: Id, what: Type.String() }),
  audit,
)
