import { findActorByEmail } from '../modules/accounts/index.ts'
import { bringCourse, importBrought } from './bring-course.ts'
import { type Command, CommandError } from './command.ts'
import { readCourse } from './course-files.ts'
import { withRuntime } from './with-runtime.ts'

export const importCommand: Command = {
  name: 'import',
  usage: 'FOLDER --as EMAIL',
  summary:
    'Make a course of a folder of Markdown and files, taught by the instructors that it names and that are here; if none is, led by the instructor (or made by the admin) with that address, whose uploads its files become',
  options: { as: { type: 'string' } },
  positionals: ['FOLDER'],
  async run(call) {
    const { output, positionals, values } = call
    const [folder = ''] = positionals
    const email = values.as
    if (typeof email !== 'string')
      throw new CommandError('Say whose course it is: --as EMAIL of an instructor or admin.')
    // What is wrong with the folder is told before anything is opened.
    await readCourse(folder)
    await withRuntime(call, async ({ deps }) => {
      const actor = await findActorByEmail(deps.db, email, deps.clock.now())
      if (actor?.role !== 'instructor' && actor?.role !== 'admin') {
        throw new CommandError(`Nobody with the address ${email} is an instructor or an admin.`)
      }
      const brought = await bringCourse(deps, folder, output.progress)
      const { course } = brought
      output.progress(`Importing ${course.title} …`)
      const made = await deps.transact((tx) => importBrought(tx, deps, actor, brought))
      const lessons = course.sections.reduce((sum, section) => sum + section.lessons.length, 0)
      const counts = { sections: course.sections.length, lessons, files: brought.files.size }
      const absent = made.absent.length > 0 ? ` Nobody here teaches as ${made.absent.join(', ')}.` : ''
      output.result(
        `Imported "${course.title}" as ${made.slug}: ${counts.sections} sections, ${lessons} lessons, ${counts.files} files.${absent}`,
        { ...made, ...counts },
      )
    })
  },
}
