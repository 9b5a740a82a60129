#!/usr/bin/env node
// lectern [command]: installs what is missing, then runs src/main.ts with the locked Node.js.
import { join } from 'node:path'
import { ensureInstalled, root } from './install.js'
import { launch } from './launch.js'

launch(ensureInstalled(), [join(root, 'src', 'main.ts'), ...process.argv.slice(2)])
