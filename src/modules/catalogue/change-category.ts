import type { Actor } from '../../platform/actor.ts'
import { brokenConstraint, type Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { type CategoryRow, isWithin, lockTree, updateCategory } from './category-queries.ts'
import { refuseUnknownParent } from './create-category.ts'
import { categoryCycle, slugTaken } from './errors.ts'
import { categoryChanged } from './events.ts'
import type { CategoryChange } from './schemas.ts'

/** Renames or moves a category. The slug stays unless another is asked for. */
export async function changeCategory(
  tx: Tx,
  actor: Actor,
  input: { categoryId: string; change: CategoryChange },
): Promise<CategoryRow> {
  const { categoryId, change } = input
  const { name, slug, parentId } = change
  if (parentId) {
    await lockTree(tx)
    if (await isWithin(tx, parentId, categoryId)) throw refuse(categoryCycle)
  }
  const category = await write(() =>
    updateCategory(tx, categoryId, {
      ...(name === undefined ? {} : { name: name.trim() }),
      ...(slug === undefined ? {} : { slug }),
      ...(parentId === undefined ? {} : { parent_id: parentId }),
    }),
  )
  if (!category) throw refuse(notFound)
  await publish(tx, categoryChanged, { categoryId }, actor)
  return category
}

async function write<T>(update: () => Promise<T>): Promise<T> {
  try {
    return await refuseUnknownParent(update)
  } catch (error) {
    if (brokenConstraint(error) === 'categories_slug') throw refuse(slugTaken)
    throw error
  }
}
