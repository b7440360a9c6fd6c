// winston-loki, snappy protobuf push: node winston_loki.js URL MARK protobuf|json
'use strict'

const winston = require('winston')
const LokiTransport = require('winston-loki')

const [url, mark, shape] = process.argv.slice(2)

async function main () {
  const transport = new LokiTransport({
    host: url,
    json: shape === 'json',
    labels: { mark, client: 'winston-loki' },
    interval: 1,
    replaceTimestamp: true,
    onConnectionError: error => { console.error(String(error)); process.exitCode = 1 }
  })
  const wanted = shape === 'json' ? 'application/json' : 'application/x-protobuf'
  if (transport.batcher.contentType !== wanted) {
    throw new Error(`would send ${transport.batcher.contentType} instead of ${wanted}`)
  }
  const logger = winston.createLogger({ level: 'debug', transports: [transport] })
  logger.info('engine loaded')
  logger.error('quoted "tensor" and ünïcode')
  logger.debug('labelled', { labels: { model: 'bert-base' } })
  await new Promise(resolve => setImmediate(resolve))
  await transport.flush()
  await transport.close()
}

main().then(() => process.exit(), error => { console.error(error); process.exit(1) })
