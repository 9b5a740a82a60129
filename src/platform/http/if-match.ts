import { Type } from 'typebox'
import { type RefusalKind, refuse } from './refusal.ts'

export const stale: RefusalKind = {
  status: 412,
  code: 'stale',
  title: 'It was changed since you read it. Read it again, and decide anew.',
}

/** The header of a write that is meant for what its sender has seen. */
export const IfMatchHeader = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      description:
        'The `ETag` of what you read, or its `version` in quotes: refused with 412 `stale` where it has changed.',
      examples: ['"7"'],
    }),
  ),
})

/**
 * Refuses a write whose `If-Match` (RFC 9110, section 13.1.1) names another version than the one there is. Entity tags begin with the
 * version (see `tagVersion`), so that whatever a response shows beside the resource itself (its reader's own part) does not count.
 * The comparison is the strong one: a weak tag fits nothing.
 * @param version 0: there is none yet
 * @param header undefined: whatever there is; `*`: any version, but there must be one
 * @throws Refusal 412
 */
export function requireVersion(version: number, header: string | undefined): void {
  if (header === undefined || (header.trim() === '*' && version > 0)) return
  const tags = header.match(/(?:W\/)?"[^"]*"/g) ?? []
  if (!tags.some((tag) => /^"(\d+)(?:-[\w-]*)?"$/.exec(tag)?.[1] === String(version))) throw refuse(stale)
}
