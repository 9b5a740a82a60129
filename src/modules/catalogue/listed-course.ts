/** What a listed course is filtered, counted and sorted by. Its category, level, language and tags are codes; -1 is none. */
export interface ListedCourse {
  readonly number: number
  readonly id: string
  /** Milliseconds since 1970. */
  readonly publishedAt: number
  readonly category: number
  readonly level: number
  readonly language: number
  readonly tags: readonly number[]
  /** '' is free. */
  readonly currency: string
  readonly amount: number
  readonly activations: number
  readonly average: number
  readonly reviews: number
}
