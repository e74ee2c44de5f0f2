export { ciba, type CibaOptions } from './features/ciba/ciba.js'
export type {
  ApprovalOutcome,
  ApprovalPage,
  BackchannelRequest,
  CibaSettings,
  WaitingRequest,
} from './features/ciba/ciba-settings.js'
export { decideBackchannelRequest } from './features/ciba/decide-backchannel-request.js'
