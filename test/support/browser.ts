import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const program = '/usr/bin/chromium'

/** Why tests that need a browser are skipped, or false where it is there. */
export const noBrowser = existsSync(program) ? false : 'Chromium is not installed: apt-get install chromium'

/**
 * Headless Chromium that asks nobody for anything on its own.
 * @param switches more of Chromium's command line
 */
export function openBrowser(switches: readonly string[] = []): Promise<Browser> {
  const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']
  const still = ['--disable-background-networking', '--disable-component-update', '--disable-sync']
  return chromium.launch({ executablePath: program, args: [...quiet, ...still, ...switches] })
}
