import { findActorByEmail } from '../modules/accounts/index.ts'
import { importCourse } from '../modules/catalogue/index.ts'
import { type Command, CommandError } from './command.ts'
import { readCourse } from './course-files.ts'
import { withRuntime } from './with-runtime.ts'

export const importCommand: Command = {
  name: 'import',
  usage: 'FOLDER --as EMAIL',
  summary:
    'Make a course of a folder of Markdown, led by the instructor (or made by the admin) with that address',
  options: { as: { type: 'string' } },
  positionals: ['FOLDER'],
  async run(call) {
    const { output, positionals, values } = call
    const [folder = ''] = positionals
    const email = values.as
    if (typeof email !== 'string')
      throw new CommandError('Say whose course it is: --as EMAIL of an instructor or admin.')
    const course = await readCourse(folder)
    await withRuntime(call, async ({ deps }) => {
      const actor = await findActorByEmail(deps.db, email, deps.clock.now())
      if (actor?.role !== 'instructor' && actor?.role !== 'admin') {
        throw new CommandError(`Nobody with the address ${email} is an instructor or an admin.`)
      }
      output.progress(`Importing ${course.title} …`)
      const made = await deps.transact((tx) => importCourse(tx, actor, course))
      const lessons = course.sections.reduce((sum, section) => sum + section.lessons.length, 0)
      output.result(
        `Imported "${course.title}" as ${made.slug}: ${course.sections.length} sections, ${lessons} lessons.`,
        {
          ...made,
          sections: course.sections.length,
          lessons,
        },
      )
    })
  },
}
