import { parentPort } from 'node:worker_threads'
import { type Site, toHtml } from './to-html.ts'

parentPort?.on('message', ({ text, site }: { text: string; site: Site }) =>
  parentPort?.postMessage(toHtml(text, site)),
)
parentPort?.postMessage('ready')
