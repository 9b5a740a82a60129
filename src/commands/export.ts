import { exportCourse, renderWholeFolder } from '../modules/catalogue/index.ts'
import { modules } from '../modules.ts'
import { type Command, CommandError } from './command.ts'
import { writeCourseFiles, writeStored } from './course-files.ts'
import { withRuntime } from './with-runtime.ts'

export const exportCommand: Command = {
  name: 'export',
  usage: 'COURSE FOLDER',
  summary:
    'Write a course, by its slug or id, into a new folder of Markdown, with all its files, that import reads',
  positionals: ['COURSE', 'FOLDER'],
  async run(call) {
    const { output, positionals } = call
    const [name = '', folder = ''] = positionals
    await withRuntime(call, async ({ deps }) => {
      const exported = await exportCourse(deps.db, name, deps.config)
      if (!exported) throw new CommandError(`There is no course "${name}".`)
      const { files: texts, hindrances } = await renderWholeFolder(deps.db, exported, modules)
      await writeCourseFiles(folder, texts)
      const written = [...texts.keys()]
      for (const file of exported.files) {
        output.progress(`Writing ${file.name} …`)
        written.push(await writeStored(deps.storage, folder, file))
      }
      const draft =
        hindrances.length === 0
          ? ''
          : `\nAs a draft, as it could not be published as it is now: ${hindrances.join(' ')}`
      output.result(`Wrote ${written.length} files into ${folder}.${draft}`, { files: written, hindrances })
    })
  },
}
