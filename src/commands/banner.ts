import type { Config } from '../platform/config.ts'

/** What the newcomer reads when the school is up. */
export function banner(school: {
  config: Config
  /** The one-time link by which the admin account is claimed, if one is open. */
  claim: string | null
  demo: boolean
  mailbox: boolean
}): string {
  const { config, claim, demo, mailbox } = school
  const at = (path: string) => `${config.publicUrl}${path}`
  const lines = [
    `\nLectern is up: ${at('/')}\n`,
    `  API reference   ${at('/docs/')}`,
    ...(config.production ? [] : [`  Example         ${at('/example')}   a small front end`]),
    ...(mailbox && !config.production ? [`  Mailbox         ${at('/dev/mailbox')}`] : []),
    ...(demo ? ['', ...demoSignIns] : []),
    ...(claim ? ['', '  Make the admin account yours, once, within 24 hours:', `  ${claim}`] : []),
    ...(mailbox && config.production
      ? ['', '  SMTP_URL is not set: mails are kept in a folder and sent to nobody.']
      : []),
    '',
  ]
  return lines.join('\n')
}

const demoSignIns = [
  '  Demo sign-ins, password "lectern-demo":',
  '    student@demo.example      instructor@demo.example',
  '    parent@demo.example       admin@demo.example',
]
