#!/usr/bin/env node
// lectern [command]: installs what is missing, then runs src/main.ts with the locked Node.js.
// lectern dev: serves, and starts again whenever a source file changes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, root } from './install.js'
import { launch } from './launch.js'

const main = join(root, 'src', 'main.ts')
// A small young generation: at its usual size (3 x 32 MB) what passes through stays until there is no room, 60 MB of it at rest and as
// much again while a file comes. Requests take no more time of the processor, and each collection stops them for less (bench/RESULTS.md).
const options = JSON.parse(readFileSync(join(root, 'bin', 'node-options.json'), 'utf8'))
const [command, ...rest] = process.argv.slice(2)
const args =
  command === 'dev'
    ? ['--watch', '--watch-preserve-output', main, 'serve', ...rest]
    : [main, ...process.argv.slice(2)]
// What was compiled once is kept, so that the next start is faster; Node.js does without where it may not write.
launch(await ensureInstalled(), [...options, ...args], {
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'lectern'),
  ...process.env,
})
