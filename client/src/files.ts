/**
 * What is uploaded: a `Blob` or `File` of a browser or Node.js, or, in React Native, what its pickers give: the `uri` of a file with its
 * name and type.
 */
export type FileSource = Blob | { readonly uri: string; readonly name: string; readonly type: string }

/** A file under its own name; the server goes by the content, and keeps the name for people. */
export function formOf(fields: Readonly<Record<string, unknown>>): FormData {
  const form = new FormData()
  // React Native's FormData takes files that are no Blobs.
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) form.append(name, value as Blob)
  return form
}
