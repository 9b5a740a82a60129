import type { Actor } from '../../platform/actor.ts'
import { brokenConstraint, type Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { badField, refuse } from '../../platform/http/refusal.ts'
import { newId } from '../../platform/ids.ts'
import { type CategoryRow, findCategorySlugs, insertCategory } from './category-queries.ts'
import { slugTaken } from './errors.ts'
import { categoryCreated } from './events.ts'
import { slugify } from './rules.ts'
import type { NewCategory } from './schemas.ts'
import { takeSlug } from './take-slug.ts'

/** Makes a category. A slug that is asked for is given or refused; else one is made of the name. */
export async function createCategory(tx: Tx, actor: Actor, input: NewCategory): Promise<CategoryRow> {
  const row = { id: newId(), name: input.name.trim(), parent_id: input.parentId ?? null }
  const insert = (slug: string) => insertCategory(tx, { ...row, slug })
  const category = await refuseUnknownParent(() =>
    input.slug
      ? insert(input.slug)
      : takeSlug(slugify(input.name), { insert, taken: (base) => findCategorySlugs(tx, base) }),
  )
  if (!category) throw refuse(slugTaken)
  await publish(tx, categoryCreated, { categoryId: category.id }, actor)
  return category
}

/** Runs a write of a category; where its parent is not there, that is the field's fault. */
export async function refuseUnknownParent<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (brokenConstraint(error) === 'categories_parent') throw badField('/parentId', 'is not a category')
    throw error
  }
}
