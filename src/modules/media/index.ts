export { presentMedia } from './present.ts'
export { findMedia, findMediaByIds, type MediaRow } from './queries.ts'
export { requireUsableMedia } from './require-usable-media.ts'
export { Media } from './schemas.ts'
