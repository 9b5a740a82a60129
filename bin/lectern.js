#!/usr/bin/env node
// lectern [command]: installs what is missing, then runs src/main.ts with the locked Node.js.
// lectern dev: serves, and starts again whenever a source file changes.
import { join } from 'node:path'
import { ensureInstalled, root } from './install.js'
import { launch } from './launch.js'

const main = join(root, 'src', 'main.ts')
const [command, ...rest] = process.argv.slice(2)
const args =
  command === 'dev'
    ? ['--watch', '--watch-preserve-output', main, 'serve', ...rest]
    : [main, ...process.argv.slice(2)]
// What was compiled once is kept, so that the next start is faster; Node.js does without where it may not write.
launch(await ensureInstalled(), args, {
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'lectern'),
  ...process.env,
})
