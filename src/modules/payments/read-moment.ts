import { badField } from '../../platform/http/refusal.ts'

/** @throws Refusal 400 for what has the form of a moment and is none, such as a leap second */
export function readMoment(text: string, path: string): Date {
  const moment = new Date(text)
  if (Number.isNaN(moment.getTime())) throw badField(path, 'is not a moment in time')
  return moment
}
