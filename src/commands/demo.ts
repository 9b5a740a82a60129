import { type Command, CommandError } from './command.ts'
import { loadDemo } from './demo-school.ts'
import { withRuntime } from './with-runtime.ts'

export const demoCommand: Command = {
  name: 'demo',
  usage: '',
  summary: 'Load the demo school into an empty database',
  positionals: [],
  async run(call) {
    const { output } = call
    await withRuntime(call, async ({ deps }) => {
      const loaded = await loadDemo(deps, output.progress)
      if (!loaded)
        throw new CommandError(
          'There are people in this database already: the demo school goes into an empty one.',
        )
      const { people, courses, lessons } = loaded
      output.result(`Loaded ${people} people and ${courses} courses with ${lessons} lessons.`, loaded)
    })
  },
}
