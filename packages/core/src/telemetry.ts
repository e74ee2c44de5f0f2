export { traceClient } from './telemetry/trace-client.js'
export type { TraceOptions } from './telemetry/trace-client.js'
