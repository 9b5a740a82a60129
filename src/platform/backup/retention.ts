/** Which backups are kept: so many of the newest, those of so many days, or what either keeps; null: that one keeps none. */
export interface Keep {
  readonly count: number | null
  readonly days: number | null
}

const dayMs = 86_400_000

/**
 * Reads `7` (the newest seven), `30d` (those of the last thirty days) or `7,30d` (what either keeps).
 * @returns null where it is none of these
 */
export function readKeep(said: string): Keep | null {
  const match = /^(?:(\d{1,4})|(\d{1,4})d|(\d{1,4}),\s*(\d{1,4})d)$/.exec(said)
  if (!match) return null
  const number = (...texts: (string | undefined)[]) => {
    const text = texts.find((candidate) => candidate !== undefined)
    return text === undefined ? null : Number(text)
  }
  const keep = { count: number(match[1], match[3]), days: number(match[2], match[4]) }
  return keep.count === 0 || keep.days === 0 ? null : keep
}

/** Those that need not be kept at this moment. The newest one always is, however old. */
export function findSuperfluous<Backup extends { readonly createdAt: Date }>(
  backups: readonly Backup[],
  keep: Keep,
  at: Date,
): Backup[] {
  const newestFirst = backups.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
  const since = at.getTime() - (keep.days ?? 0) * dayMs
  return newestFirst.filter(
    ({ createdAt }, place) =>
      place >= Math.max(keep.count ?? 0, 1) && (keep.days === null || createdAt.getTime() < since),
  )
}
