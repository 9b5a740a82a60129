import type { Faults, readers } from './settings.ts'

/** The service that the assistant asks. `baseUrl` and `model` are null where there is none. */
export interface AiSettings {
  readonly baseUrl: string | null
  readonly apiKey: string | null
  readonly model: string | null
  /** How often a person may ask in a day. */
  readonly dailyQuota: number
}

/** Reads `AI_BASE_URL`, `AI_MODEL`, which go together, `AI_API_KEY` and `AI_DAILY_QUOTA`. */
export function readAi({ url, optional, integer }: ReturnType<typeof readers>, faults: Faults): AiSettings {
  const baseUrl = url('AI_BASE_URL')?.replace(/\/+$/, '') ?? null
  const model = optional('AI_MODEL')
  const apiKey = optional('AI_API_KEY')
  if (baseUrl !== null && model === null) faults.add('AI_MODEL', 'is needed beside AI_BASE_URL')
  if (baseUrl === null && model !== null) faults.add('AI_BASE_URL', 'is needed beside AI_MODEL')
  if (baseUrl === null && apiKey !== null) faults.add('AI_BASE_URL', 'is needed beside AI_API_KEY')
  return { baseUrl, apiKey, model, dailyQuota: integer('AI_DAILY_QUOTA', 50, 1, 100_000) }
}
