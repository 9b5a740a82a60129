import { brokenConstraint } from '../../platform/database/database.ts'
import { badField } from '../../platform/http/refusal.ts'

/** Runs a write of a course; where its category is not there, that is the field's fault. */
export async function refuseUnknownCategory<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (brokenConstraint(error) === 'courses_category') throw badField('/categoryId', 'is not a category')
    throw error
  }
}
