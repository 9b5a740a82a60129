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
 * The structured log: one JSON object a line.
 * @param level pino's level names: trace, debug, info, warn, error, silent
 * @param stream standard output, unless a command gives its result there
 */
export function createLog(level: string, stream: 'stdout' | 'stderr' = 'stdout'): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: secrets.flatMap((name) => [name, `*.${name}`, `req.headers.${name}`]),
      censor: '[redacted]',
    },
  }
  return pino(options, pino.destination(stream === 'stdout' ? 1 : 2))
}
