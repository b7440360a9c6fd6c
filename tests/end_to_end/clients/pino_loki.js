// pino-loki in its worker thread, JSON push with structured metadata: node pino_loki.js URL MARK
'use strict'

const { once } = require('node:events')
const pino = require('pino')

const [url, mark] = process.argv.slice(2)

async function main () {
  const transport = pino.transport({
    target: 'pino-loki',
    options: { host: url, labels: { mark, client: 'pino-loki' }, batching: { interval: 1 } }
  })
  transport.on('error', error => { console.error(error); process.exit(1) })
  const logger = pino(transport)
  logger.info({ meta: { model: 'bert-base' } }, 'engine loaded')
  logger.error('quoted "tensor" and ünïcode')
  transport.end()
  await once(transport, 'close')
}

main().catch(error => { console.error(error); process.exit(1) })
