export { monitorSession } from './session-monitor.js'
export type { SessionMonitor, SessionMonitorOptions } from './session-monitor.js'
