import { readAi } from './ai-settings.ts'
import { readBackupSettings } from './backup/settings.ts'
import { readIce } from './ice.ts'
import { readProxies } from './proxies.ts'
import { readQuotas } from './quotas.ts'
import { readSecrets } from './secrets.ts'
import { Faults, readers } from './settings.ts'
import { readStores } from './storage/settings.ts'

export type Config = Readonly<ReturnType<typeof build>>

const dayInSeconds = 86_400

type Environment = Readonly<Record<string, string | undefined>>

interface Reading {
  /** Whether secrets that are neither given nor there yet are made and kept in the data folder. */
  readonly keepSecrets: boolean
}

/**
 * Reads the configuration from the environment; the one place that does.
 * @returns a frozen object; durations in seconds
 * @throws Error that lists every faulty variable at once, with what it must be
 */
export function readConfig(
  environment: Environment = process.env,
  reading: Reading = { keepSecrets: true },
): Config {
  const faults = new Faults()
  const config = build(environment, faults, reading)
  faults.throwIfAny()
  return Object.freeze(config)
}

function build(environment: Environment, faults: Faults, { keepSecrets }: Reading) {
  const read = readers(environment, faults)
  const { text, flag, integer, list, url, duration, oneOf, optional } = read
  const production = oneOf('NODE_ENV', ['development', 'test', 'production'], 'development') === 'production'
  const dataFolder = text('LECTERN_DATA', '.lectern')
  const host = text('HOST', '127.0.0.1')
  const port = integer('PORT', 4000, 0, 65_535)
  const databaseUrl = url('DATABASE_URL', ['postgres', 'postgresql'])
  if (environment.DATABASE_REPLICA_URL && !databaseUrl)
    faults.add('DATABASE_REPLICA_URL', 'goes with DATABASE_URL')
  const secrets = readSecrets({
    production,
    folder: dataFolder,
    faults,
    keep: keepSecrets,
    given: {
      accessToken: list('ACCESS_TOKEN_SECRET', []),
      simulatorWebhook: optional('SIMULATOR_WEBHOOK_SECRET'),
    },
  })
  const rateLimits = flag('RATE_LIMITS', true)
  if (production && !rateLimits) faults.add('RATE_LIMITS', 'cannot be off in production')
  const simulator = flag('PAYMENTS_SIMULATOR', !production)
  if (production && simulator && (secrets.simulatorWebhook ?? '').length < 32)
    faults.add('SIMULATOR_WEBHOOK_SECRET', 'must have at least 32 characters where PAYMENTS_SIMULATOR is on')
  const stripe = {
    secretKey: optional('STRIPE_SECRET_KEY'),
    webhookSecret: optional('STRIPE_WEBHOOK_SECRET'),
    apiBase: url('STRIPE_API_BASE', ['http', 'https']),
  }
  if ((stripe.secretKey === null) !== (stripe.webhookSecret === null))
    faults.add('STRIPE_WEBHOOK_SECRET', 'goes with STRIPE_SECRET_KEY')
  if (stripe.secretKey !== null && !/^(sk|rk)_/.test(stripe.secretKey))
    faults.add('STRIPE_SECRET_KEY', 'must be a secret key (sk_…) or a restricted one (rk_…)')
  if (stripe.webhookSecret !== null && !stripe.webhookSecret.startsWith('whsec_'))
    faults.add('STRIPE_WEBHOOK_SECRET', 'must be the signing secret of the webhook endpoint (whsec_…)')
  const razorpay = {
    keyId: optional('RAZORPAY_KEY_ID'),
    keySecret: optional('RAZORPAY_KEY_SECRET'),
    webhookSecret: optional('RAZORPAY_WEBHOOK_SECRET'),
    apiBase: url('RAZORPAY_API_BASE', ['http', 'https']),
  }
  const { keyId, keySecret, webhookSecret } = razorpay
  if (keyId !== null && !keyId.startsWith('rzp_')) faults.add('RAZORPAY_KEY_ID', 'must be a key id (rzp_…)')
  if ([keyId, keySecret, webhookSecret].some((said) => (said === null) !== (keyId === null)))
    faults.add('RAZORPAY_KEY_ID', 'goes with RAZORPAY_KEY_SECRET and RAZORPAY_WEBHOOK_SECRET')
  const admin = { email: optional('ADMIN_EMAIL'), password: optional('ADMIN_PASSWORD') }
  if (admin.email && !/^[^\s@]+@[^\s@]+$/.test(admin.email))
    faults.add('ADMIN_EMAIL', 'must be an e-mail address')
  if ((admin.email === null) !== (admin.password === null))
    faults.add('ADMIN_PASSWORD', 'goes with ADMIN_EMAIL')
  const bytes = Buffer.byteLength(admin.password ?? '')
  if (admin.password !== null && (bytes < 8 || bytes > 72))
    faults.add('ADMIN_PASSWORD', 'must have 8 to 72 bytes')
  const clerkIssuer = url('CLERK_ISSUER')
  const oidcIssuer = url('OIDC_ISSUER')
  if (environment.OIDC_JWKS_URL && !oidcIssuer) faults.add('OIDC_ISSUER', 'is needed beside OIDC_JWKS_URL')
  if (environment.CLERK_JWT_KEY && !clerkIssuer) faults.add('CLERK_ISSUER', 'is needed beside CLERK_JWT_KEY')
  if (environment.CLERK_SECRET_KEY && !clerkIssuer)
    faults.add('CLERK_ISSUER', 'is needed beside CLERK_SECRET_KEY')
  if (environment.CLERK_JWT_KEY && !environment.CLERK_JWT_KEY.includes('PUBLIC KEY-----'))
    faults.add('CLERK_JWT_KEY', 'must be a public key in PEM')
  const corsOrigins = list('CORS_ORIGINS', list('FRONT_END_URL', []))
  for (const origin of corsOrigins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      faults.add('CORS_ORIGINS', `must be origins such as https://school.example, not "${origin}"`)
  }
  if (environment.OIDC_AUDIENCE && !oidcIssuer) faults.add('OIDC_ISSUER', 'is needed beside OIDC_AUDIENCE')
  const stores = readStores(read, faults)
  const allowPrivate = flag('WEBHOOKS_ALLOW_PRIVATE', false)
  const mailFrom = text('MAIL_FROM', 'Lectern <no-reply@localhost>')
  if (!/@[^\s@<>]+>?\s*$/.test(mailFrom)) faults.add('MAIL_FROM', 'must be an address, or Name <address>')
  return {
    production,
    host,
    port,
    publicUrl: (
      url('PUBLIC_URL') ?? `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${port}`
    ).replace(/\/$/, ''),
    dataFolder,
    demo: flag('LECTERN_DEMO', !production),
    admin,
    databaseUrl,
    databaseReplicaUrl: url('DATABASE_REPLICA_URL', ['postgres', 'postgresql']),
    databasePool: integer('DATABASE_POOL', 10, 2, 1_000),
    slowStatementMs: integer('SLOW_STATEMENT_MS', 200, 1, 600_000),
    redisUrl: url('REDIS_URL', ['redis', 'rediss']),
    webConcurrency: integer('WEB_CONCURRENCY', 1, 1, 64),
    jobs: oneOf('JOBS', ['inline', 'off'], 'inline'),
    corsOrigins,
    trustProxy: readProxies(text('TRUST_PROXY', 'off'), faults),
    accessTokenSecrets: secrets.accessToken,
    accessTokenSeconds: duration('ACCESS_TOKEN_EXPIRE', '15m', dayInSeconds),
    refreshTokenSeconds: duration('REFRESH_TOKEN_EXPIRE', '7d', 365 * dayInSeconds),
    passwordCost: 12,
    registrationRoles: list(
      'REGISTRATION_ROLES',
      ['student', 'parent', 'instructor'],
      ['student', 'parent', 'instructor'],
    ),
    oidc: { issuer: oidcIssuer, jwksUrl: url('OIDC_JWKS_URL'), audience: optional('OIDC_AUDIENCE') },
    clerk: {
      issuer: clerkIssuer,
      jwtKey: optional('CLERK_JWT_KEY'),
      secretKey: optional('CLERK_SECRET_KEY'),
      apiUrl: 'https://api.clerk.com',
    },
    stripe,
    razorpay,
    simulator: { on: simulator, secret: secrets.simulatorWebhook ?? '' },
    stores,
    backup: readBackupSettings(read, faults, {
      embedded: databaseUrl === null,
      dataFolder,
      hasS3: stores.s3 !== null,
    }),
    mediaQuotas: readQuotas(list('MEDIA_QUOTAS', []), faults),
    ice: readIce(read, faults),
    ai: readAi(read, faults),
    /** Where outgoing webhooks may go. In the clear only where nothing real is sent, or stays in the own network. */
    webhooks: { allowPrivate, allowHttp: allowPrivate || !production },
    smtpUrl: url('SMTP_URL', ['smtp', 'smtps']),
    schoolName: text('SCHOOL_NAME', 'Lectern'),
    mailFrom,
    logLevel: oneOf('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'info'),
    metricsToken: optional('METRICS_TOKEN'),
    rateLimits,
  }
}
