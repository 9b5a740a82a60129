import { Type } from 'typebox'
import { defineEvent } from '../../platform/events/events.ts'
import { Id } from '../../platform/ids.ts'

const link = Type.Object({ parentId: Id, childId: Id })

export const guardianCodeMade = defineEvent('guardian.code_made', Type.Object({ childId: Id }))
export const guardianLinked = defineEvent('guardian.linked', link)
export const guardianRemoved = defineEvent('guardian.removed', link)
/** A parent looked at a child: `what` is the part that was shown. */
export const childViewed = defineEvent(
  'child.viewed',
  Type.Object({ parentId: Id, childId: Id, what: Type.String() }),
)
