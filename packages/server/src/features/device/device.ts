import { GRANT_OPTIONS, grantBase, type Grant, type GrantOptions } from '../../token/grants/grant.js'
import type { Feature } from '../feature.js'
import { pollDecision } from '../polling/poll-decision.js'
import { deviceAuthorization } from './device-authorization.js'
import { deviceDonePage, devicePage } from './device-pages.js'
import { DEVICE_GRANT_TYPE, type DevicePages, type DeviceSettings } from './device-settings.js'
import { deviceDecisions, findByDeviceCode } from './device-store.js'
import { verificationEndpoint } from './verification-endpoint.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'
import type { Optional } from '../../options/without-undefined.js'

/** Options of {@link device}. */
export interface DeviceOptions extends GrantOptions, Optional<DevicePages> {
  /** Lifetime of device and user code in seconds. Default 600. */
  readonly codeLifetime?: number | undefined
  /** Seconds that a device waits between polls. Default 5. */
  readonly interval?: number | undefined
}

const OPTIONS: MembersOf<DeviceOptions> = {
  ...GRANT_OPTIONS,
  codeLifetime: true,
  interval: true,
  renderDevicePage: true,
  renderDeviceDonePage: true,
}

/** Creates the feature of the device authorization grant, for devices without a browser. @see RFC 8628 */
export function device(options: DeviceOptions = {}): Feature {
  checkMembers(options, OPTIONS, { name: 'device' })
  const { codeLifetime = 600, interval = 5, renderDevicePage = devicePage, renderDeviceDonePage = deviceDonePage } = options
  if (!(codeLifetime > 0 && interval > 0)) throw new TypeError('device: "codeLifetime" and "interval" must be seconds above 0')
  const grant: Grant = {
    ...grantBase(options),
    grantType: DEVICE_GRANT_TYPE,
    handle: (request) =>
      pollDecision(request, { parameter: 'device_code', find: findByDeviceCode, decisions: deviceDecisions, interval }),
  }
  const settings: DeviceSettings = { codeLifetime, interval, grant, pages: { renderDevicePage, renderDeviceDonePage } }
  return {
    name: 'device',
    grant,
    routes: [
      {
        path: '/device_authorization',
        methods: ['POST'],
        handle: (context) => deviceAuthorization(context, settings),
        audience: 'script',
        authenticatesClients: true,
      },
      {
        path: '/device',
        methods: ['GET', 'POST'],
        handle: (context) => verificationEndpoint(context, settings),
        audience: 'page',
      },
    ],
    metadata: (server) => ({ device_authorization_endpoint: server.urlOf('/device_authorization') }),
  }
}
