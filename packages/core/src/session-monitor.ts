export { monitorSession } from './session-monitor/session-monitor.js'
export type { SessionMonitor, SessionMonitorOptions } from './session-monitor/session-monitor.js'
