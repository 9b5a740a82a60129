/** Imported before a program (`node --import`): to it, it is OTHER_TIME_MS later than it is. Timers go on as they do. */
const later = Number(process.env.OTHER_TIME_MS)
const now = () => System.now() + later
const System = Date

globalThis.Date = new Proxy(System, {
  construct: (date, said, made) => Reflect.construct(date, said.length === 0 ? [now()] : said, made),
  get: (date, name) => (name === 'now' ? now : Reflect.get(date, name)),
})
