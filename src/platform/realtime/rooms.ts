import type { DefaultEventsMap, Server, Socket } from 'socket.io'
import type { Device } from './device.ts'
import type { Host } from './sockets.ts'

export type Connection = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, Device>
export type Connections = Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, Device>

export const roomOfSession = (sessionId: string) => `session:${sessionId}`

/** The connected sockets of a room. */
export function inRoom({ sockets }: Connections, room: string): Connection[] {
  return [...(sockets.adapter.rooms.get(room) ?? [])].flatMap((id) => sockets.sockets.get(id) ?? [])
}

/** The sockets of this process, as what is pushed finds them. */
export function hostOf(io: Connections): Host {
  const { sockets: connected } = io.sockets
  return {
    deliver({ name, rooms, except, json }) {
      const to = io.to([...rooms])
      const others = except === null ? to : to.except(except)
      others.emit(name, JSON.parse(json))
    },
    // Clients whose transport closes connect again by themselves, and then ask for what they have missed.
    missed() {
      for (const { conn } of connected.values()) conn.close(true)
    },
    join: (socketId, rooms) => void connected.get(socketId)?.join([...rooms]),
    leave(socketId, rooms) {
      for (const room of rooms) connected.get(socketId)?.leave(room)
    },
    inRoom: (room) =>
      inRoom(io, room).map(({ id, data, rooms }) => ({
        socketId: id,
        userId: data.userId,
        rooms: [...rooms],
      })),
    people: () => [...new Set([...connected.values()].map(({ data }) => data.userId))],
  }
}
