/** What a route takes that does not say otherwise, in bytes: each is read and checked on the one thread that serves everybody. */
export const usualBody = 256 * 1024

/** For a route whose schema has long texts or long lists: `bodyLimit: largeBody`. */
export const largeBody = 1024 * 1024
