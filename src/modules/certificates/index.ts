export { certificateIssued, certificateRevokedEvent } from './events.ts'
export { presentCertificate } from './present.ts'
export type { CertificateRow } from './queries.ts'
export { Certificate } from './schemas.ts'
