/** A backup cannot be made, read or restored, for a reason that whoever asked for it can mend: the message says which. */
export class BackupError extends Error {}
