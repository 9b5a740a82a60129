import { type Static, Type } from 'typebox'
import { Id } from '../../platform/ids.ts'

export const MediaKind = Type.Enum(['image', 'video', 'audio', 'document'])

export const Media = Type.Object({
  id: Id,
  kind: MediaKind,
  contentType: Type.String({
    description: 'By the content, whatever the file is called.',
    examples: ['video/mp4'],
  }),
  fileName: Type.String({ examples: ['lesson-1.mp4'] }),
  bytes: Type.Integer({ minimum: 0, examples: [1_048_576] }),
  status: Type.Enum(['uploading', 'ready', 'failed'], {
    description: '`failed`: it came whole, but cannot be played; `failureReason` says why.',
    examples: ['ready'],
  }),
  failureReason: Type.Optional(Type.String()),
  url: Type.String({
    description: 'Works without a bearer, for a `<video src>`, for an hour and a half to three hours.',
    examples: ['https://school.example/api/media/019a3b5e-7c1d-7e2a-9f40-5b6c7d8e9f01?expires=…&signature=…'],
  }),
  durationSeconds: Type.Optional(Type.Number({ minimum: 0 })),
  width: Type.Optional(Type.Integer({ minimum: 1 })),
  height: Type.Optional(Type.Integer({ minimum: 1 })),
  widths: Type.Optional(
    Type.Array(Type.Integer(), {
      description: 'Of an image: the smaller ones, as WebP, that `&width=` at the end of `url` gives.',
    }),
  ),
})
export type Media = Static<typeof Media>
