import { brokenConstraint } from '../../platform/database/database.ts'
import { notFound, refuse } from '../../platform/http/refusal.ts'

/** The lesson may have been removed since its course was read: what saves progress in it then is a 404. */
export async function refuseGone<T>(saving: Promise<T>): Promise<T> {
  try {
    return await saving
  } catch (error) {
    if (brokenConstraint(error) === 'lesson_progress_lesson') throw refuse(notFound)
    throw error
  }
}
