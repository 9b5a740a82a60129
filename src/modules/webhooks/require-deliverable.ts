import type { Config } from '../../platform/config.ts'
import { badField, refuse, validationFailed } from '../../platform/http/refusal.ts'
import { urlFault } from '../../platform/outbound/url-rules.ts'
import { publicTypes } from './event-types.ts'
import { unknownFilters } from './rules.ts'

/** @throws Refusal 400 where nothing may be posted to the address, or a filter would let nothing through */
export function requireDeliverable(
  said: { url?: string; events?: readonly string[] },
  { webhooks }: Pick<Config, 'webhooks'>,
): void {
  const { url, events = [] } = said
  const fault = url === undefined ? null : urlFault(url, webhooks)
  if (fault !== null) throw badField('/url', fault)
  const unknown = unknownFilters(events, publicTypes)
  if (unknown.length === 0) return
  const errors = unknown.map((index) => ({
    path: `/events/${index}`,
    message: `"${events[index]}" is no event that leaves`,
  }))
  const named = unknown.map((index) => `"${events[index]}"`).join(', ')
  throw refuse(validationFailed, `No such events: ${named}. There are: ${publicTypes.join(', ')}.`, {
    errors,
  })
}
