import { exportCourse, renderCourseFolder } from '../modules/catalogue/index.ts'
import { type Command, CommandError } from './command.ts'
import { writeCourseFiles } from './course-files.ts'
import { withRuntime } from './with-runtime.ts'

export const exportCommand: Command = {
  name: 'export',
  usage: 'COURSE FOLDER',
  summary: 'Write a course, by its slug or id, into a new folder of Markdown that import reads',
  positionals: ['COURSE', 'FOLDER'],
  async run(call) {
    const { output, positionals } = call
    const [name = '', folder = ''] = positionals
    await withRuntime(call, async ({ deps }) => {
      const course = await exportCourse(deps.db, name)
      if (!course) throw new CommandError(`There is no course "${name}".`)
      const files = renderCourseFolder(course)
      await writeCourseFiles(folder, files)
      output.result(`Wrote ${files.size} files into ${folder}.`, { files: [...files.keys()] })
    })
  },
}
