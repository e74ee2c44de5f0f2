import type { BackChannelReport } from './back-channel-report.js'
import { FRONT_CHANNEL_REPORTS, type FrontChannelReport } from './front-channel-page.js'
import type { LogoutReport } from './logout-report.js'
import { recordBackChannel, recordFrontChannel } from './record-logout.js'

/** Reports about logout messages. Each is recorded in the network log first. */
interface LogoutReports {
  readonly listen: (listener: (report: LogoutReport) => void) => () => void
  readonly close: () => void
}

/** From the API of the page, which has received a logout token. @param noteOf returns what the chosen fault changes */
export function listenToApi(apiUrl: string, noteOf: () => string | undefined): LogoutReports {
  const source = new EventSource(`${apiUrl}/reports`)
  const { listen, emit } = createListeners()
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const report = JSON.parse(data) as BackChannelReport
    recordBackChannel(apiUrl, report, noteOf())
    emit(report)
  })
  return { listen, close: () => source.close() }
}

/** From the page in the frame. @param noteOf returns what the chosen fault changes */
export function listenToFrame(id: string, noteOf: () => string | undefined): LogoutReports {
  const channel = new BroadcastChannel(FRONT_CHANNEL_REPORTS)
  const { listen, emit } = createListeners()
  channel.addEventListener('message', ({ data: report }: MessageEvent<FrontChannelReport>) => {
    if (report.id !== id) return
    recordFrontChannel(report, noteOf())
    emit({ refusal: report.refusal, isLast: true })
  })
  return { listen, close: () => channel.close() }
}

function createListeners(): Pick<LogoutReports, 'listen'> & { readonly emit: (report: LogoutReport) => void } {
  const listeners = new Set<(report: LogoutReport) => void>()
  const listen = (listener: (report: LogoutReport) => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const emit = (report: LogoutReport): void => {
    for (const listener of [...listeners]) listener(report)
  }
  return { listen, emit }
}
