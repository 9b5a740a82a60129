/** Over how many days, today's among them, the runs and failures of jobs are counted. */
export const countedDays = 7

export function earlierOf(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}
