import type { Static, TSchema } from 'typebox'

/** What the server sends, unasked, to every device of a person. */
export interface SocketPush<Payload extends TSchema = TSchema> {
  readonly name: string
  readonly summary: string
  readonly payload: Payload
}

/** The way to the devices of people, wherever they are connected. */
export interface Sockets {
  /**
   * Sends to every connected device of these people, on every node. Never called inside a transaction. Resolves when the fan-out has
   * taken it, and also when it could not: a push is a hint, and what it tells can be fetched.
   * @param except the id of a device that is left out: the one whose request caused this
   */
  push<Payload extends TSchema>(
    push: SocketPush<Payload>,
    userIds: readonly string[],
    payload: Static<Payload>,
    except?: string,
  ): Promise<void>
}

/** Reaches nobody: for a process that serves no sockets and has no fan-out. */
export const noSockets: Sockets = { push: async () => undefined }
