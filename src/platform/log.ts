import { type Logger, pino } from 'pino'

export type Log = Logger

const secrets = [
  'authorization',
  'cookie',
  'password',
  'newPassword',
  'currentPassword',
  'token',
  'refreshToken',
  'accessToken',
]

/**
 * The structured log: one JSON object a line on standard output.
 * @param level pino's level names: trace, debug, info, warn, error, silent
 */
export function createLog(level: string): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: secrets.flatMap((name) => [name, `*.${name}`, `req.headers.${name}`]),
      censor: '[redacted]',
    },
  })
}
