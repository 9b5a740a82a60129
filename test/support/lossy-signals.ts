import type { Signals } from '../../src/platform/database/signals.ts'

/** Signals whose connection can be `lost`; `catchUp` then does what is done once it is back. */
export function lossySignals(signals: Signals) {
  const connection = { lost: false, catchUp: async () => {} }
  return {
    connection,
    signals: {
      ...signals,
      connected: () => !connection.lost && signals.connected(),
      onConnect: async (catchUp: () => Promise<void>) => {
        connection.catchUp = catchUp
        await catchUp()
      },
    },
  }
}
