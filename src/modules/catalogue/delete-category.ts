import type { Actor } from '../../platform/actor.ts'
import { sqlState, type Tx } from '../../platform/database/database.ts'
import { publish } from '../../platform/events/events.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'
import { deleteCategory as deleteRow } from './category-queries.ts'
import { categoryInUse } from './errors.ts'
import { categoryDeleted } from './events.ts'

const foreignKeyViolation = '23503'

export async function deleteCategory(tx: Tx, actor: Actor, categoryId: string): Promise<void> {
  if (!(await tryToDelete(tx, categoryId))) throw refuse(notFound)
  await publish(tx, categoryDeleted, { categoryId }, actor)
}

async function tryToDelete(tx: Tx, id: string): Promise<boolean> {
  try {
    return await deleteRow(tx, id)
  } catch (error) {
    if (sqlState(error) === foreignKeyViolation) throw refuse(categoryInUse)
    throw error
  }
}
