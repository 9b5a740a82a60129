type Say = (facts: object, message: string) => void

/** The part of a pino logger that the embedded server uses. */
export interface EmbeddedLog {
  readonly info: Say
  readonly warn: Say
  readonly error: Say
}
