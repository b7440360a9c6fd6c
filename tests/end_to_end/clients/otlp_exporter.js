// OpenTelemetry's SDK and OTLP exporters over HTTP: node otlp_exporter.js URL MARK http|proto none|gzip
'use strict'

const { SeverityNumber } = require('@opentelemetry/api-logs')
const { BatchLogRecordProcessor, LoggerProvider } = require('@opentelemetry/sdk-logs')
const { resourceFromAttributes } = require('@opentelemetry/resources')
const { DiagLogLevel, diag } = require('@opentelemetry/api')

const [url, mark, shape, compression] = process.argv.slice(2)
const { OTLPLogExporter } = require(`@opentelemetry/exporter-logs-otlp-${shape}`)

async function main () {
  const fail = text => { console.error(text); process.exitCode = 1 }
  diag.setLogger({ error: fail, warn: fail, info () {}, debug () {}, verbose () {} }, DiagLogLevel.WARN)
  const exporter = new OTLPLogExporter({ url: `${url}/otlp/v1/logs`, compression })
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'inference', 'service.namespace': mark }),
    processors: [new BatchLogRecordProcessor({ exporter })]
  })
  const logger = provider.getLogger('worker', '2.0')
  logger.emit({ severityNumber: SeverityNumber.INFO, severityText: 'INFO', body: 'engine loaded' })
  logger.emit({
    severityNumber: SeverityNumber.ERROR,
    body: { message: 'enqueue failed', code: 7 },
    attributes: { shape: [1, 3, 640], 'gpu.index': 0, ratio: 0.5, ok: false }
  })
  await provider.forceFlush()
  await provider.shutdown()
}

main().catch(error => { console.error(error); process.exit(1) })
