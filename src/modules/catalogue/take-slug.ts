import { numberedSlug } from './rules.ts'

const mostTries = 100

/**
 * Inserts a row under the first slug that is free: `git-basics`, `git-basics-2` … The unique constraint decides, so that of two
 * at once each gets its own.
 * @param options.insert gives undefined where the slug is taken
 * @param options.taken the slugs that are the base with a number behind it
 */
export async function takeSlug<Row>(
  base: string,
  options: {
    insert: (slug: string) => Promise<Row | undefined>
    taken: (base: string) => Promise<readonly string[]>
  },
): Promise<Row> {
  let slug = base
  for (let tries = 0; tries < mostTries; tries++) {
    const row = await options.insert(slug)
    if (row !== undefined) return row
    slug = numberedSlug(base, await options.taken(base))
  }
  throw new Error(`No slug is free for ${base} after ${mostTries} tries.`)
}
