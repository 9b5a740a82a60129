/** The environment cannot be used: the message lists every fault. */
export class ConfigurationError extends Error {
  /** Each begins with the name of its variable. */
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`The configuration is wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

/** The faults found in the environment, told all at once. */
export class Faults {
  readonly #found: string[] = []

  add(name: string, fault: string): void {
    this.#found.push(`${name} ${fault}`)
  }

  throwIfAny(): void {
    if (this.#found.length > 0) throw new ConfigurationError(this.#found)
  }
}

const secondsOf: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** Readers of single variables; an empty one counts as unset, a wrong one is noted and its default goes on. */
export function readers(environment: Readonly<Record<string, string | undefined>>, faults: Faults) {
  const optional = (name: string): string | null => environment[name]?.trim() || null
  const text = (name: string, standard: string): string => optional(name) ?? standard

  function oneOf<Value extends string>(name: string, values: readonly Value[], standard: Value): Value {
    const said = optional(name)
    const value = values.find((candidate) => candidate === said)
    if (said !== null && value === undefined)
      faults.add(name, `must be one of ${values.join(', ')}, not "${said}"`)
    return value ?? standard
  }

  return {
    optional,
    text,
    oneOf,
    flag: (name: string, standard: boolean): boolean =>
      oneOf(name, ['on', 'off'], standard ? 'on' : 'off') === 'on',
    integer(name: string, standard: number, least: number, most: number): number {
      const said = optional(name)
      if (said === null) return standard
      const value = Number(said)
      if (Number.isInteger(value) && value >= least && value <= most) return value
      faults.add(name, `must be a whole number from ${least} to ${most}, not "${said}"`)
      return standard
    },
    /** Comma-separated; `known` are the values that may stand in it. */
    list(name: string, standard: readonly string[], known?: readonly string[]): string[] {
      const said = optional(name)
      if (said === null) return [...standard]
      const values = said
        .split(',')
        .map((value) => value.trim())
        .filter((value) => value !== '')
      const unknown = known ? values.filter((value) => !known.includes(value)) : []
      if (unknown.length > 0) faults.add(name, `has ${unknown.join(', ')}; it may have ${known?.join(', ')}`)
      return values
    },
    /** An address of one of the schemes. */
    url(name: string, schemes: readonly string[] = ['https', 'http']): string | null {
      const said = optional(name)
      const scheme = said !== null && URL.canParse(said) ? new URL(said).protocol.slice(0, -1) : null
      if (said !== null && (scheme === null || !schemes.includes(scheme))) {
        faults.add(
          name,
          `must be a whole address that begins with ${schemes.map((known) => `${known}://`).join(' or ')}`,
        )
        return null
      }
      return said
    },
    /** `15m`, `7d`, `90s`, `2h`; seconds. */
    duration(name: string, standard: string, most: number): number {
      const said = text(name, standard)
      const match = /^(\d{1,6})([smhd])$/.exec(said)
      const seconds = Number(match?.[1] ?? 0) * (secondsOf[match?.[2] ?? 's'] ?? 1)
      if (seconds >= 1 && seconds <= most) return seconds
      faults.add(
        name,
        `must be a duration such as 90s, 15m, 2h or 7d, at most ${most / 86_400} days, not "${said}"`,
      )
      return most
    },
  }
}
