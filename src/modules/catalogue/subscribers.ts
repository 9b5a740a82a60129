import { on, type Subscriber } from '../../platform/events/events.ts'
import { courseHidden, courseShown } from './events.ts'
import { tellInstructors } from './visibility-mails.ts'

export const catalogueSubscribers: readonly Subscriber[] = [
  on(courseHidden, 'catalogue.tell-hidden', (tx, { payload }) => tellInstructors(tx, payload)),
  on(courseShown, 'catalogue.tell-shown', (tx, { payload }) =>
    tellInstructors(tx, { ...payload, reason: null }),
  ),
]
